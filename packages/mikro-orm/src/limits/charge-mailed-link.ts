import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import { chargeLimits } from './charge-limits.ts'
import { clientCharges } from './client-charges.ts'

/**
 * Takes from what a network may do with mailed links: each is looked up, hashed for, or written about. Charge once its
 * MAC is right; before that it costs nothing.
 *
 * @returns `null` when it is granted.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeMailedLink(runtime: Runtime, caller: Caller): Promise<Limited | null> {
  const bucket = runtime.policy.limits.client.signIn
  const charged = await chargeLimits(
    runtime,
    clientCharges(caller, 'mailed-link.client', bucket, null),
    caller,
  )
  return charged.ok ? null : charged
}
