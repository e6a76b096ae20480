import { parseEmail } from '@sigra/core'
import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import { chargeLimits } from '../limits/charge-limits.ts'
import { clientCharges } from '../limits/client-charges.ts'
import type { Runtime } from '../runtime.ts'
import { requirePasskeys } from './require-passkeys.ts'

/**
 * Takes one of a network's ceremonies, when its answer comes: asking for a challenge costs nothing and writes nothing.
 *
 * @returns `null` when there was one left.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeCeremony(runtime: Runtime, caller: Caller): Promise<Limited | null> {
  const bucket = requirePasskeys(runtime).policy.ceremonies
  const account = parseEmail(caller.session?.user.email)?.canonical ?? null // nobody types one at a sign-in
  const charged = await chargeLimits(
    runtime,
    clientCharges(caller, 'passkey.client', bucket, account),
    caller,
  )
  return charged.ok ? null : charged
}
