import { join, type Sql, sql } from '../database/sql.ts'
import { credentialsOf, hasCredential } from '../door/credentials.ts'
import type { Runtime } from '../runtime.ts'

type App = Pick<Runtime, 'tables' | 'areas'>

/** Whether the user's row `u` has a second factor to log in with. */
export function hasSecondFactor(app: App): Sql {
  const factors = credentialsOf(app).filter(({ isSecondFactor }) => isSecondFactor)
  return anyOf(factors.map(hasCredential))
}

/**
 * Whether the user's row `u` has something for one of the methods that a policy allows.
 *
 * @param allowed SQL for their RFC 8176 names; null where any will do.
 */
export function hasMethod(app: App, allowed: Sql): Sql {
  const isAllowed = (names: readonly string[]) => sql`${allowed} && ${names}::text[]`
  return anyOf([
    sql`${allowed} is null`,
    isAllowed(['email']), // whoever has an address can be mailed a link
    sql`(${isAllowed(['pwd'])} and u.hashed_password is not null)`,
    ...credentialsOf(app).map((each) => sql`(${isAllowed(each.proves)} and ${hasCredential(each)})`),
  ])
}

function anyOf(conditions: readonly Sql[]): Sql {
  return sql`(${join(conditions, sql` or `)})`
}
