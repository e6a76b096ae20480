import { loadAuthenticatorApp, loadBackupCode, type LoadSecondStep } from './accounts/second-steps.server'
import { loadPasskey } from './passkeys/second-step.server'
import type { SecondStepId } from './second-steps'

/** What each second step asks of the server. One that stands in one of the two files only does not compile. */
export const secondStepLoads: Record<SecondStepId, LoadSecondStep> = {
  'authenticator-app': loadAuthenticatorApp,
  passkey: loadPasskey,
  'backup-code': loadBackupCode,
}
