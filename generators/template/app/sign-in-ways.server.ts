import { loadMagicLink, loadPassword, type LoadSignInWay } from './accounts/sign-in-ways.server'
import { loadPasskey } from './passkeys/sign-in-way.server'
import type { SignInWayId } from './sign-in-ways'

/** What each way to log in asks of the server. A way that stands in one of the two files only does not compile. */
export const signInWayLoads: Record<SignInWayId, LoadSignInWay> = {
  password: loadPassword,
  'magic-link': loadMagicLink,
  passkey: loadPasskey,
}
