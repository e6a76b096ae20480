import { join, type Sql, sql } from '../database/sql.ts'
import { credentialsOf } from '../door/credentials.ts'
import type { Runtime } from '../runtime.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { suspectFrom } from './pending-change.ts'

/**
 * Whether a session may change the address so that the old mailbox cannot undo it: sudo was given by a second factor, and
 * nothing that can be one was added since whatever an undo would take away. Else a thief would add a factor and turn the
 * undo off by it. An SQL condition on the user `u`.
 */
export function mayDistrustOld(runtime: Runtime, session: ResolvedSession, now: Sql): Sql {
  const { sudoMethod, authenticatedAt } = session
  const isByFactor = sudoMethod !== null && factorMethods(runtime).includes(sudoMethod)
  if (!isByFactor) return sql`false`
  const since = suspectFrom(authenticatedAt, now)
  const added = credentialsOf(runtime)
    .filter(({ isSecondFactor }) => isSecondFactor)
    .map(
      ({ table, addedAt }) =>
        sql`exists (select from ${table.name} f where f.user_id = u.id and ${addedAt} >= ${since})`,
    )
  return sql`not (${join(added, sql` or `)})`
}

function factorMethods({ areas }: Runtime): readonly string[] {
  return ['second-factor', ...areas.flatMap(({ declaration }) => Object.keys(declaration.sudoMethods ?? {}))]
}
