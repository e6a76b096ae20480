import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import type { Charge } from '../limits/charge-limits.ts'
import { bucketRefund, chargeTarget } from '../limits/charge-target.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { requireOrganizations } from './require-organizations.ts'

type Kind = 'creations' | 'slugChanges' | 'transfers' | 'policies' | 'deletions' | 'domainChecks' | 'changes'

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
  kind: Kind,
): Promise<Limited | null> {
  return chargeTarget(runtime, caller, chargeOf(runtime, userId, kind), null)
}

/** Gives back what was taken for something that was not done. */
export async function giveBackOrganizations(
  runtime: Runtime,
  userId: UserId,
  kind: 'deletions',
): Promise<void> {
  await runtime.refunds.give(bucketRefund(runtime, chargeOf(runtime, userId, kind)))
}

function chargeOf(runtime: Runtime, userId: UserId, kind: Kind): Charge {
  const bucket = requireOrganizations(runtime).policy[kind]
  return { name: `organizations.${kind}`, subject: userId, bucket }
}
