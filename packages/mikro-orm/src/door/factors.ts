import { sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { type Credential, credentialsOf, hasCredential } from './credentials.ts'

/**
 * The user's state as the door sees it, a row named `u`: which factors exist, and whether somebody wants two. Read
 * after the user was locked, in a statement of its own, so that a factor added or removed meanwhile counts.
 */
export function factorsOf(runtime: Runtime, userId: UserId): Sql {
  const { user } = runtime.tables
  const credentials = credentialsOf(runtime.tables)
  const has = (name: Credential['name']) => {
    const found = credentials.find((each) => each.name === name)
    return found ? hasCredential(found) : sql`false`
  }
  return sql`
    select u.*, (u.require_second_step or ${isObligedByPolicy(runtime)}) as obliged,
      case when ${isObligedByPolicy(runtime)} then ${`policy-${runtime.policy.secondFactor}`}::text
        when u.require_second_step then 'own-wish' end as obliged_by,
      ${has('second-factor')} as has_totp, ${has('backup-codes')} as has_codes, ${has('passkey')} as has_passkey
    from ${user.name} u where u.id = ${userId}`
}

/** Whether a challenge applies, over a row of `factorsOf`: a passkey alone switches none on. */
export const isChallenged = sql`(has_totp or (obliged and has_passkey))`

/** Whether the host's policy demands two factors of the user's row `u`. The person may ask for them too. */
export function isObligedByPolicy({ policy, adminColumn }: Runtime): Sql {
  if (policy.secondFactor === 'all') return sql`true`
  return policy.secondFactor === 'admins' && adminColumn !== null
    ? sql`coalesce(u.${adminColumn}, false)`
    : sql`false`
}
