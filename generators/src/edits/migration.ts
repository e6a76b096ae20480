import { databaseObjectsIn } from '../database-objects.ts'
import { manual, type EditContext, type HostEdit } from './edit.ts'

/**
 * A host with migrations of its own makes the next one itself: only its metadata knows its names and keys. What no
 * metadata can say, the append-only audit log first of all, is printed for it. Said once.
 */
export function migrationEdits({ rendered, before, hasOwnDatabase }: EditContext): HostEdit[] {
  if (!hasOwnDatabase || before !== null) return []
  const snippet = `npx sigra db:migration accounts\n${linesOf(rendered)}`
  return [
    {
      paths: ['mikro-orm.config.ts'],
      id: 'migration',
      ensure: () => manual('the migration is yours to make, and these lines belong in it', snippet),
    },
  ]
}

/** What other features need beside their tables, `sigra db:migration` writes by itself. */
function isOfAccounts(path: string): boolean {
  return path.startsWith('migrations/') && path.endsWith('_accounts.ts')
}

function linesOf(rendered: ReadonlyMap<string, string>): string {
  const found = [...rendered].flatMap(([path, text]) => {
    const objects = isOfAccounts(path) ? databaseObjectsIn(text) : null
    return objects === null ? [] : [objects]
  })
  const [ups, downs] = [found.map(({ up }) => up), found.map(({ down }) => down)]
  return ['// at the end of its up():', ...ups, '// at the end of its down():', ...downs].join('\n')
}
