import type { CanonicalEmail } from '@sigra/core'
import type { FlowContext } from '../context.ts'
import { chargeLimits, type ChargeResult } from '../limits/charge-limits.ts'
import { networkOf } from '../limits/network.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Takes a token from the limits on typing mailed codes: per network, and per address whoever has it.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeCodeEntry(
  runtime: Runtime,
  ctx: FlowContext,
  address: CanonicalEmail | null,
): Promise<ChargeResult> {
  const { client, target } = runtime.policy.limits
  const entry = { name: 'code-entry.client', subject: networkOf(ctx.clientAddress), bucket: client.signIn }
  const account =
    address === null ? [] : [{ name: 'code-entry.account', subject: address, bucket: target.codeEntry }]
  return chargeLimits(runtime, [entry], account, ctx)
}
