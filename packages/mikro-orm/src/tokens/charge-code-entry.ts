import type { CanonicalEmail } from '@sigra/core'
import type { FlowContext } from '../context.ts'
import { chargeLimits, type ChargeResult } from '../limits/charge-limits.ts'
import { clientCharges } from '../limits/client-charges.ts'
import { networkOf } from '../limits/network.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Takes a token from the limits on typing mailed codes: per network, and per address and browser. Both are the caller's
 * own, whoever has the address: what an account has of tries is taken by `reserveCodeTry`, and only where its code was
 * asked for.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeCodeEntry(
  runtime: Runtime,
  ctx: FlowContext,
  address: CanonicalEmail | null,
): Promise<ChargeResult> {
  const { client, target } = runtime.policy.limits
  const entry = clientCharges(ctx, 'code-entry.client', client.signIn, address)
  const subject = JSON.stringify([address, ctx.browserToken ?? networkOf(ctx.clientAddress)])
  const own = address === null ? [] : [{ name: 'code-entry.browser', subject, bucket: target.codeEntry }]
  return chargeLimits(runtime, entry, own, ctx)
}
