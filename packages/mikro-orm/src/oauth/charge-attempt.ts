import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import { chargeLimits } from '../limits/charge-limits.ts'
import { clientCharges } from '../limits/client-charges.ts'
import type { Runtime } from '../runtime.ts'
import { requireOauth } from './require-oauth.ts'

/**
 * Takes one of a network's attempts, when one begins and when its answer comes.
 *
 * @returns `null` when there was one left.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeAttempt(runtime: Runtime, caller: Caller): Promise<Limited | null> {
  const bucket = requireOauth(runtime).policy.attempts
  const charged = await chargeLimits(runtime, clientCharges(caller, 'oauth.client', bucket, null), caller)
  return charged.ok ? null : charged
}
