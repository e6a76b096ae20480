import type { CanonicalEmail } from '@sigra/core'
import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import { chargeLimits } from '../limits/charge-limits.ts'
import { bucketRefund } from '../limits/charge-target.ts'
import { clientCharges } from '../limits/client-charges.ts'
import type { Guess } from '../limits/guess.ts'
import { networkOf } from '../limits/network.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Takes a token from the limits on typing mailed codes: per network, and per address and browser. Both are the caller's
 * own, whoever has the address: what an account has of tries is taken by `reserveCodeTry`, and only where its code was
 * asked for.
 *
 * @returns `null` when both granted.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeCodeEntry(
  runtime: Runtime,
  caller: Caller,
  address: CanonicalEmail | null,
  guess: Guess,
): Promise<Limited | null> {
  const { client, target } = runtime.policy.limits
  const entry = clientCharges(caller, 'code-entry.client', client.signIn, address)
  const subject = JSON.stringify([address, caller.browserToken ?? networkOf(caller.clientAddress)])
  const own = address === null ? [] : [{ name: 'code-entry.browser', subject, bucket: target.codeEntry }]
  const charged = await chargeLimits(runtime, [...entry, ...own], caller)
  if (!charged.ok) return charged
  for (const charge of own) guess.take(bucketRefund(runtime, charge))
  return null
}
