import type { AfterLogIn } from './accounts/after-log-in.server'
import { offerPasskey } from './passkeys/offer.server'

/** Pages between a log-in by password and where somebody wanted to go. The first that has something to say is shown. */
export const afterLogIn: Record<string, AfterLogIn> = {
  'offer-passkey': offerPasskey,
}
