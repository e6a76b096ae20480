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

/**
 * What the user's row `u` has none of, as an array of `PolicyLack`.
 *
 * @param asked SQL for whether two factors are needed, and for the RFC 8176 names of which one is; null where any will do.
 */
export function lackedOf(app: App, asked: { needsTwo: Sql; methods: Sql }): Sql {
  return sql`array_remove(array[
    case when ${asked.needsTwo} and not ${hasSecondFactor(app)} then 'second-factor' end,
    case when not ${hasMethod(app, asked.methods)} then 'method' end], null)`
}

function anyOf(conditions: readonly Sql[]): Sql {
  return sql`(${join(conditions, sql` or `)})`
}
