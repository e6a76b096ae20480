import type { AfterLogIn } from './accounts/after-log-in.server'
// sigra:if passkeys
import { offerPasskey } from './passkeys/offer.server'
// sigra:end

/** Pages between a log-in by password and where somebody wanted to go. The first that has something to say is shown. */
export const afterLogIn: readonly AfterLogIn[] = [
  // sigra:if passkeys
  offerPasskey,
  // sigra:end
]
