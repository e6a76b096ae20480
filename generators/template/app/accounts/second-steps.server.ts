import type { RequestArgs, SecondFactorView } from '@sigra/remix'

export interface LoadSecondStep {
  /** What the page that asks for it shows; `null` where this person does not have it. */
  ask(state: SecondFactorView): object | null
  /** What its part of the settings shows beside the state. */
  settings?(args: RequestArgs): Promise<object>
}

export const loadAuthenticatorApp = {
  ask: (state: SecondFactorView) => (state.totp ? {} : null),
} satisfies LoadSecondStep

export const loadBackupCode = {
  ask: (state: SecondFactorView) => (state.backupCodesLeft > 0 ? {} : null),
} satisfies LoadSecondStep
