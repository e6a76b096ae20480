import { extendUndo, migrationAfter, type Plan } from '@sigra/generators'
import { EXIT, type ExitCode } from '@sigra/generators/command-line'
import { printProblem } from '../cli/print.ts'

/** After a transition: a migration for the tables that come or go; tables that only retire leave the snapshot. */
export async function settleDatabase(plan: Plan, say: (line: string) => void): Promise<ExitCode> {
  const migration = migrationAfter(plan.from, plan.to)
  const isRetiring = plan.to.retired.some((feature) => plan.from?.retired.includes(feature) !== true)
  if (migration === null && !isRetiring) return EXIT.done
  return migration === null ? retireTables(plan.root, say) : migrateAfter(plan.root, migration, say)
}

/**
 * Makes the migration a transition asks for. Its files are applied by now: when this fails the rest is said.
 *
 * @param name Of the migration.
 */
export async function migrateAfter(
  root: string,
  name: string,
  say: (line: string) => void,
): Promise<ExitCode> {
  try {
    const { describeMigration, makeMigration } = await import('./make-migration.ts')
    const made = await makeMigration(root, name)
    await extendUndo(root, made.changes)
    describeMigration(made, say)
    return EXIT.done
  } catch (error) {
    return explain(error, `Fix that, then run: npx sigra db:migration ${name}`)
  }
}

/** Puts the tables of what retired where no difference drops them. */
export async function retireTables(root: string, say: (line: string) => void): Promise<ExitCode> {
  try {
    const { shelveTables } = await import('./make-migration.ts')
    await extendUndo(root, await shelveTables(root))
    say(
      'Its tables stay in the database with what people stored; --purge makes the migration that drops them.',
    )
    return EXIT.done
  } catch (error) {
    return explain(error, 'Fix that before the next migration: sigra db:migration does the rest.')
  }
}

function explain(error: unknown, what: string): ExitCode {
  const reason = error instanceof Error ? error.message : String(error)
  printProblem(`The files are written, but those in the migrations folder are not: ${reason}\n${what}`)
  return EXIT.failed
}
