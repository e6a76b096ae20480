import type { CanonicalEmail } from '@sigra/core'
import type { FlowContext } from '../context.ts'
import { chargeLimits, type ChargeResult } from '../limits/charge-limits.ts'
import { clientCharges } from '../limits/client-charges.ts'
import { networkOf } from '../limits/network.ts'
import type { Runtime } from '../runtime.ts'
import { foldAddress } from './fold-address.ts'

/** Charges the network a mail is asked from, whatever it is for. */
export async function chargeMailClient(
  runtime: Runtime,
  ctx: FlowContext,
  address: CanonicalEmail | null,
): Promise<ChargeResult> {
  const bucket = runtime.policy.limits.client.mailSending
  return chargeLimits(runtime, clientCharges(ctx, 'mail-sending.client', bucket, address), ctx)
}

/**
 * Charges what one network may send to one mailbox. A refusal is for the caller alone to know: the visitor gets the
 * uniform answer, and nothing is read or written.
 */
export async function chargeMailTarget(
  runtime: Runtime,
  ctx: FlowContext,
  address: CanonicalEmail,
): Promise<boolean> {
  const { mailSendingBurst, mailSending } = runtime.policy.limits.target
  const subject = `${foldAddress(address)} ${networkOf(ctx.clientAddress)}`
  const charged = await chargeLimits(runtime, [
    { name: 'mail-sending.burst', subject, bucket: mailSendingBurst },
    { name: 'mail-sending.hour', subject, bucket: mailSending },
  ])
  return charged.ok
}
