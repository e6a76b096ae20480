import { lacksConsent } from '../consent/missing-consent.ts'
import { join, sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { authenticatorApp, backupCodes, hasCredential } from './credentials.ts'

/**
 * The user's state as the door sees it, a row named `u`: which factors exist, and whether somebody wants two. Read
 * after the user was locked, in a statement of its own, so that a factor added or removed meanwhile counts.
 */
export function factorsOf(runtime: Runtime, userId: UserId): Sql {
  const { user, userTotp, userBackupCode } = runtime.tables
  const held = runtime.areas
    .flatMap((area) => area.credentials)
    .filter(({ isSecondFactor }) => isSecondFactor)
    .map((each) => sql`case when ${hasCredential(each)} then ${each.name}::text end`)
  return sql`
    select u.*, (u.require_second_step or ${isObligedByPolicy(runtime)}) as obliged,
      case when ${isObligedByPolicy(runtime)} then ${`policy-${runtime.policy.secondFactor}`}::text
        when u.require_second_step then 'own-wish' end as obliged_by,
      ${hasCredential(authenticatorApp(userTotp))} as has_totp,
      ${hasCredential(backupCodes(userBackupCode))} as has_codes,
      ${lacksConsent(runtime, sql`u.id`)} as must_consent,
      array_remove(array[${join(held, sql`, `)}]::text[], null) as area_factors
    from ${user.name} u where u.id = ${userId}`
}

/** Whether there is a second factor that an area brings, over a row of `factorsOf`: a passkey, for example. */
export const hasAreaFactor = sql`cardinality(area_factors) > 0`

/** Whether a challenge applies, over a row of `factorsOf`: what an area brings switches none on by itself. */
export const isChallenged = sql`(has_totp or (obliged and ${hasAreaFactor}))`

/** Whether the host's policy demands two factors of the user's row `u`. The person may ask for them too. */
export function isObligedByPolicy({ policy, adminColumn }: Runtime): Sql {
  if (policy.secondFactor === 'all') return sql`true`
  return policy.secondFactor === 'admins' && adminColumn !== null
    ? sql`coalesce(u.${adminColumn}, false)`
    : sql`false`
}
