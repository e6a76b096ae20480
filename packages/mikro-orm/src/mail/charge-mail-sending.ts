import type { CanonicalEmail } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { chargeLimits, type ChargeResult } from '../limits/charge-limits.ts'
import { clientCharges } from '../limits/client-charges.ts'
import { networkOf } from '../limits/network.ts'
import type { Runtime } from '../runtime.ts'
import { foldAddress } from './fold-address.ts'

/** Charges the network a mail is asked from, whatever it is for. */
export async function chargeMailClient(
  runtime: Runtime,
  caller: Caller,
  address: CanonicalEmail | null,
): Promise<ChargeResult> {
  const bucket = runtime.policy.limits.client.mailSending
  return chargeLimits(runtime, clientCharges(caller, 'mail-sending.client', bucket, address), caller)
}

/**
 * Charges what one network may send to one mailbox. A refusal is for the caller alone to know: the visitor gets the
 * uniform answer, and nothing is read or written.
 */
export async function chargeMailTarget(
  runtime: Runtime,
  caller: Caller,
  address: CanonicalEmail,
): Promise<boolean> {
  const { mailSendingBurst, mailSending } = runtime.policy.limits.target
  const subject = `${foldAddress(address)} ${networkOf(caller.clientAddress)}`
  const charged = await chargeLimits(runtime, [
    { name: 'mail-sending.burst', subject, bucket: mailSendingBurst },
    { name: 'mail-sending.hour', subject, bucket: mailSending },
  ])
  return charged.ok
}
