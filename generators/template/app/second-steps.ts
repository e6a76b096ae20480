import { authenticatorApp, backupCode, type SecondStep } from './accounts/second-steps'
// sigra:if passkeys
import { passkey } from './passkeys/second-step'
// sigra:end

/** What can be asked for after a password, in the order of the pages. Their loads stand in `second-steps.server.ts`. */
export const secondSteps = {
  'authenticator-app': authenticatorApp,
  // sigra:if passkeys
  passkey,
  // sigra:end
  'backup-code': backupCode,
} satisfies Record<string, SecondStep>

export type SecondStepId = keyof typeof secondSteps
