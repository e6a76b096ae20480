import { authenticatorApp, backupCode, type SecondStep } from './accounts/second-steps'
import { passkey } from './passkeys/second-step'

/** What can be asked for after a password, in the order of the pages. Their loads stand in `second-steps.server.ts`. */
export const secondSteps = [
  authenticatorApp,
  passkey,
  backupCode,
] as const satisfies readonly SecondStep[]

export type SecondStepId = (typeof secondSteps)[number]['id']
