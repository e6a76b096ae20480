import { authenticatorApp, backupCode, type SecondStep } from './accounts/second-steps'
import { passkey } from './passkeys/second-step'

/** What can be asked for after a password, in the order of the pages. Their loads stand in `second-steps.server.ts`. */
export const secondSteps = {
  'authenticator-app': authenticatorApp,
  passkey,
  'backup-code': backupCode,
} satisfies Record<string, SecondStep>

export type SecondStepId = keyof typeof secondSteps
