import type { AfterLogIn } from './accounts/after-log-in.server'
// sigra:if passkeys
import { offerPasskey } from './passkeys/offer.server'
// sigra:end

/** Pages between a log-in by password and where somebody wanted to go. The first that has something to say is shown. */
// sigra:if passkeys
export const afterLogIn: Record<string, AfterLogIn> = {
  'offer-passkey': offerPasskey,
}
// sigra:else
// sigra:+ export const afterLogIn: Record<string, AfterLogIn> = {}
// sigra:end
