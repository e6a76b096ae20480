import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import { chargeTarget } from '../limits/charge-target.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { requireOrganizations } from './require-organizations.ts'

/**
 * Takes one of what a person may do to organizations in a while, right or not.
 *
 * @returns `null` when it is granted.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeOrganizations(
  runtime: Runtime,
  caller: Caller,
  userId: UserId,
  kind: 'creations' | 'slugChanges' | 'transfers' | 'deletions' | 'changes',
): Promise<Limited | null> {
  const bucket = requireOrganizations(runtime).policy[kind]
  return chargeTarget(runtime, caller, { name: `organizations.${kind}`, subject: userId, bucket }, null)
}
