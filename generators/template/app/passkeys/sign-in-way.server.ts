// sigra:file passkeys
import type { RequestArgs } from '@sigra/remix'
import { sigra } from '~/sigra.server'

/** First where a passkey was used in this browser before. */
export function loadPasskey(args: RequestArgs) {
  return { isPreferred: sigra.policy.passkeys.primary && sigra.usedPasskeyHere(args) }
}
