import { join, sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import type { Proof } from './proof.ts'

/**
 * The user's state as the door sees it, a row named `u`: which factors exist, and whether somebody wants two. Read
 * after the user was locked, in a statement of its own, so that a factor added or removed meanwhile counts.
 */
export function factorsOf(runtime: Runtime, userId: UserId): Sql {
  const { user, userTotp, userBackupCode, passkeys } = runtime.tables
  return sql`
    select u.*, (u.require_second_step or ${isObligedByPolicy(runtime)}) as obliged,
      case when ${isObligedByPolicy(runtime)} then ${`policy-${runtime.policy.secondFactor}`}::text
        when u.require_second_step then 'own-wish' end as obliged_by,
      exists (select from ${userTotp.name} f where f.user_id = u.id and f.activated_at is not null) as has_totp,
      exists (select from ${userBackupCode.name} f where f.user_id = u.id and f.used_at is null) as has_codes,
      ${passkeys ? sql`exists (select from ${passkeys.userPasskey.name} f where f.user_id = u.id)` : sql`false`}
        as has_passkey
    from ${user.name} u where u.id = ${userId}`
}

/** Whether a challenge applies, over a row of `factorsOf`: a passkey alone switches none on. */
export const isChallenged = sql`(has_totp or (obliged and has_passkey))`

/** One step that may be missing, and the rule by which it is. */
interface Rule {
  applies: Sql
  step: 'second-factor' | 'enrolment' | 'password-change'
  /** For the audit log. Public: added, never renamed. */
  name: Sql
}

/**
 * What is still missing before the session is a full one, over a row of `factorsOf` with `is_trusted`; null for
 * nothing. The order is the contract's: second factor, enrolment, password change. Whoever is obliged needs backup
 * codes too, or a lost device would be a lock-out; they are given out to two factors only, so that a trusted browser
 * does not do there.
 */
export function nextStep(proof: Proof): Sql {
  return firstOf(proof, ({ step }) => sql`${step}::text`)
}

/** Why, for the audit log: the name of the rule that asks for what `nextStep` says. */
export function nextRule(proof: Proof): Sql {
  return firstOf(proof, ({ name }) => name)
}

function firstOf(proof: Proof, then: (rule: Rule) => Sql): Sql {
  const cases = rulesOf(proof).map((rule) => sql`when ${rule.applies} then ${then(rule)}`)
  return sql`case ${join(cases, sql` `)} end`
}

function rulesOf(proof: Proof): readonly Rule[] {
  const isOneFactor = sql`${proof.aal}::int < 2`
  return [
    {
      applies: sql`${isOneFactor} and ${isChallenged} and not (is_trusted and (has_codes or not obliged))`,
      step: 'second-factor',
      name: sql`case when is_trusted then 'no-backup-codes' when has_totp then 'totp' else 'passkey-and-required' end`,
    },
    {
      applies: sql`${isOneFactor} and not ${isChallenged} and obliged`,
      step: 'enrolment',
      name: sql`obliged_by`,
    },
    { applies: sql`obliged and not has_codes`, step: 'enrolment', name: sql`'no-backup-codes'` },
    { applies: sql`must_change_password`, step: 'password-change', name: sql`'must-change-password'` },
  ]
}

/** Whether the host's policy demands two factors of the user's row `u`. The person may ask for them too. */
export function isObligedByPolicy({ policy, adminColumn }: Runtime): Sql {
  if (policy.secondFactor === 'all') return sql`true`
  return policy.secondFactor === 'admins' && adminColumn !== null
    ? sql`coalesce(u.${adminColumn}, false)`
    : sql`false`
}
