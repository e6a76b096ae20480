// sigra:file passkeys
import type { RequestArgs } from '@sigra/remix'
import { passkeys } from './passkeys.server'

/** First where a passkey was used in this browser before. */
export function loadPasskey(args: RequestArgs) {
  return { isPreferred: passkeys.policy.primary && passkeys.usedPasskeyHere(args) }
}
