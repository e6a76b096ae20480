import {
  loadAuthenticatorApp,
  loadMailedCode,
  loadPassword,
  loadRecovery,
  type LoadSudoWay,
} from './accounts/sudo-ways.server'
import { loadPasskey } from './passkeys/sudo-way.server'
import type { SudoWayId } from './sudo-ways'

/** What each way asks of the server. A way that stands in one of the two files only does not compile. */
export const sudoWayLoads: Record<SudoWayId, LoadSudoWay> = {
  password: loadPassword,
  'authenticator-app': loadAuthenticatorApp,
  passkey: loadPasskey,
  'mailed-code': loadMailedCode,
  recovery: loadRecovery,
}
