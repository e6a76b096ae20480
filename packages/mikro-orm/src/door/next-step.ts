import type { UserId } from '../context.ts'
import { sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import type { Proof } from './proof.ts'

/**
 * The user's state as the door sees it, a row named `u`: which factors exist, and whether somebody wants two. Read
 * after the user was locked, in a statement of its own, so that a factor added or removed meanwhile counts.
 */
export function factorsOf(runtime: Runtime, userId: UserId): Sql {
  const { user, userTotp, userBackupCode, passkeys } = runtime.tables
  return sql`
    select u.*, (u.require_second_step or ${isObligedByPolicy(runtime)}) as obliged,
      exists (select from ${userTotp.name} f where f.user_id = u.id and f.activated_at is not null) as has_totp,
      exists (select from ${userBackupCode.name} f where f.user_id = u.id and f.used_at is null) as has_codes,
      ${passkeys ? sql`exists (select from ${passkeys.userPasskey.name} f where f.user_id = u.id)` : sql`false`}
        as has_passkey
    from ${user.name} u where u.id = ${userId}`
}

/** Whether a challenge applies, over a row of `factorsOf`: a passkey alone switches none on. */
export const isChallenged = sql`(has_totp or (obliged and has_passkey))`

/**
 * What is still missing before the session is a full one, over a row of `factorsOf` with `is_trusted`; null for
 * nothing. The order is the contract's: second factor, enrolment, password change. Whoever is obliged needs backup
 * codes too, or a lost device would be a lock-out; they are given out to two factors only, so that a trusted browser
 * does not do there.
 */
export function nextStep(proof: Proof): Sql {
  const isOneFactor = sql`${proof.aal}::int < 2`
  return sql`case
    when ${isOneFactor} and ${isChallenged} and not (is_trusted and (has_codes or not obliged)) then 'second-factor'
    when ${isOneFactor} and not ${isChallenged} and obliged then 'enrolment'
    when obliged and not has_codes then 'enrolment'
    when must_change_password then 'password-change' end`
}

/** Whether the host's policy demands two factors of the user's row `u`. The person may ask for them too. */
export function isObligedByPolicy({ policy, adminColumn }: Runtime): Sql {
  if (policy.secondFactor === 'all') return sql`true`
  return policy.secondFactor === 'admins' && adminColumn !== null
    ? sql`coalesce(u.${adminColumn}, false)`
    : sql`false`
}
