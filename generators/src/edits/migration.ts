import { manual, type EditContext, type HostEdit } from './edit.ts'

// The same words as in the template's migration.
const upMarker = '    // What MikroORM has no words for.'
const downMarker = /^ *this\.addSql\(`drop function .*$/gmu

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

function linesOf(rendered: ReadonlyMap<string, string>): string {
  const [, text = ''] =
    [...rendered].find(([path, found]) => path.startsWith('migrations/') && found.includes(upMarker)) ?? []
  const start = text.indexOf(upMarker)
  if (start === -1) return ''
  const up = text.slice(start, text.indexOf('\n  }\n', start))
  const down = [...text.matchAll(downMarker)].map(([line]) => line)
  return ['// at the end of its up():', up, '// at the end of its down():', ...down].join('\n')
}
