import { loadMagicLink, loadPassword, type LoadSignInWay } from './accounts/sign-in-ways.server'
// sigra:if passkeys
import { loadPasskey } from './passkeys/sign-in-way.server'
// sigra:end
import type { SignInWayId } from './sign-in-ways'

/** What each way to log in asks of the server. A way that stands in one of the two files only does not compile. */
export const signInWayLoads: Record<SignInWayId, LoadSignInWay> = {
  password: loadPassword,
  'magic-link': loadMagicLink,
  // sigra:if passkeys
  passkey: loadPasskey,
  // sigra:end
}
