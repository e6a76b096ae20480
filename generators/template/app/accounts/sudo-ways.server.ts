import type { SudoState } from '@sigra/remix'

/** What the page shows of a way to confirm who you are, `null` where this person does not have it. */
export type LoadSudoWay = (sudo: SudoState) => object | null

export function loadPassword(sudo: SudoState) {
  return sudo.password ? {} : null
}

export function loadAuthenticatorApp(sudo: SudoState) {
  return sudo.totp ? {} : null
}

export function loadMailedCode(sudo: SudoState) {
  return sudo.emailCode ? {} : null
}

/** For somebody who lost their second factor: a backup code, and what counts beside it. */
export function loadRecovery(sudo: SudoState) {
  return sudo.recovery === null ? null : { beside: sudo.recovery }
}

export type Recovery = NonNullable<ReturnType<typeof loadRecovery>>
