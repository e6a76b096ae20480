import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { chargeTarget } from './charge-target.ts'

/**
 * Takes one of the changes a user may make in a while, right or not. Charge before anything is hashed or written: without
 * it one account could keep the hash queue full, and nobody else would sign in.
 *
 * @returns `null` when it is granted.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeCredentialChange(
  runtime: Runtime,
  caller: Caller,
  userId: UserId,
): Promise<Limited | null> {
  const bucket = runtime.policy.limits.target.credentialChange
  const charge = { name: 'credential-change.account', subject: userId, bucket }
  return chargeTarget(runtime, caller, charge, null)
}
