import type { MikroORM } from '@mikro-orm/core'
import { MigrationFailed } from './migration-failed.ts'

/**
 * Applies migrations, or takes them back.
 *
 * @throws {MigrationFailed} `SIGRA_MIGRATION_REFUSED` naming the migration the database refused, and what about.
 */
export async function runMigrations(
  orm: MikroORM,
  way: 'up' | 'down',
  options?: { to: 0 },
): Promise<readonly { name: string }[]> {
  let current = ''
  orm.migrator.on(way === 'up' ? 'migrating' : 'reverting', ({ name }) => {
    current = name
  })
  try {
    return await orm.migrator[way](options)
  } catch (error) {
    const reason = describeRefusal(error)
    if (reason === null) throw error
    const verb = way === 'up' ? 'applied' : 'taken back'
    throw new MigrationFailed(
      'SIGRA_MIGRATION_REFUSED',
      `${current} was not ${verb}: ${reason}. The database is as it was before. Fix the migration or the rows, then run this again.`,
      { cause: error },
    )
  }
}

/** What PostgreSQL says about a statement, with where; `null` for errors that are none of its. */
function describeRefusal(error: unknown): string | null {
  if (!isDatabaseError(error)) return null
  const { table, column, detail } = error
  const place =
    table === undefined ? '' : `table ${table}${column === undefined ? '' : `, column ${column}`}: `
  // The statement comes first, then what is wrong, then what else the server said.
  const said = error.message.split(' - ').findLast((part) => !/^(?:detail|hint|where):/iu.test(part)) ?? ''
  return `${place}${said.split('\n', 1).join('')}${detail === undefined ? '' : ` (${detail.replace(/\.$/u, '')})`}`
}

interface DatabaseError extends Error {
  code: string
  table?: string
  column?: string
  detail?: string
}

/** By the five characters of an SQLSTATE: the driver's error goes through several hands. */
function isDatabaseError(error: unknown): error is DatabaseError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/u.test(error.code)
  )
}
