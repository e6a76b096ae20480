import type { RequestArgs } from '@sigra/remix'
import { sigra } from '../sigra.server.ts'
import type { LogInInput, MfaInput, RegisterInput } from './schemas.ts'

// The place for what your product thinks about accounts. Each function is one thing an account can do; routes call
// these and nothing deeper, so a rule written here holds on every page.

/**
 * Registers an address. The answer is the same for a free and a taken one.
 *
 * Columns of your own go into `fields`, further rows of the same transaction into `inTransaction`, and a rule that may
 * refuse into `check`; that one must not depend on whether the address is known.
 */
export function registerUser(args: RequestArgs, input: RegisterInput) {
  return sigra.accounts.registerUser(args, input)
}

export function logInUser(args: RequestArgs, input: LogInInput) {
  return sigra.accounts.logInUser(args, input)
}

export function logOutUser(args: RequestArgs) {
  return sigra.accounts.logOutUser(args)
}

/** Mails a new link and code. The answer is the same whether or not the address waits for one. */
export function deliverUserConfirmationInstructions(
  args: RequestArgs,
  input: { email: string; redirectTo?: string | null },
) {
  return sigra.accounts.deliverUserConfirmationInstructions(args, input)
}

export function getUserByConfirmationToken(args: RequestArgs, token: string) {
  return sigra.accounts.getUserByConfirmationToken(args, token)
}

/** Whether a confirmation link that is of no use any more confirmed its address in this very browser. */
export function isConfirmedHere(args: RequestArgs, token: string) {
  return sigra.accounts.isConfirmedHere(args, token)
}

/** Signs in, in the browser that registered. */
export function confirmUser(args: RequestArgs, input: { token: string; password?: string | undefined }) {
  return sigra.accounts.confirmUser(args, input)
}

/** Signs in: the code works in the browser that registered alone. */
export function confirmUserByCode(args: RequestArgs, input: { email: string; code: string }) {
  return sigra.accounts.confirmUserByCode(args, input)
}

export function confirmUserWithNewPassword(args: RequestArgs, input: { token: string; password: string }) {
  return sigra.accounts.confirmUserWithNewPassword(args, input)
}

/** "I did not register": removes the account, as long as it was never confirmed. */
export function rejectRegistration(args: RequestArgs, input: { token: string }) {
  return sigra.accounts.rejectRegistration(args, input)
}

/** Mails a reset link. The answer is the same for every address. */
export function deliverUserResetPasswordInstructions(args: RequestArgs, input: { email: string }) {
  return sigra.accounts.deliverUserResetPasswordInstructions(args, input)
}

export function getUserByResetPasswordToken(args: RequestArgs, token: string) {
  return sigra.accounts.getUserByResetPasswordToken(args, token)
}

/** Sets the new password and ends every session of the account. Signs nobody in. */
export function resetUserPassword(args: RequestArgs, input: { token: string; password: string }) {
  return sigra.accounts.resetUserPassword(args, input)
}

export function getUserByNotMeToken(args: RequestArgs, token: string) {
  return sigra.accounts.getUserByNotMeToken(args, token)
}

/** "This wasn't me": ends everything that is open, removes the password, and mails the way back in. */
export function secureUser(args: RequestArgs, input: { token: string }) {
  return sigra.accounts.secureUser(args, input)
}

/** Signs an account out everywhere. */
export function deleteAllUserSessionTokens(args: RequestArgs, userId: string) {
  return sigra.accounts.deleteAllUserSessionTokens(args, userId)
}

/** Where the signed-in user is signed in, this browser first. */
export function listUserSessions(args: RequestArgs) {
  return sigra.accounts.listUserSessions(args)
}

export function revokeUserSession(args: RequestArgs, input: { sessionId: string }) {
  return sigra.accounts.revokeUserSession(args, input)
}

export function revokeOtherUserSessions(args: RequestArgs) {
  return sigra.accounts.revokeOtherUserSessions(args)
}

export function revokeAllUserSessions(args: RequestArgs) {
  return sigra.accounts.revokeAllUserSessions(args)
}

/** Whether there is a password, and whether it was typed a moment ago and need not be again. */
export function getUserPasswordState(args: RequestArgs) {
  return sigra.accounts.getUserPasswordState(args)
}

/** Ends every other session. The current password is asked for unless it was just typed. */
export function changeUserPassword(
  args: RequestArgs,
  input: { currentPassword?: string | undefined; password: string },
) {
  return sigra.accounts.changeUserPassword(args, input)
}

/** Gives a password to somebody who has none yet. */
export function setUserPassword(args: RequestArgs, input: { password: string }) {
  return sigra.accounts.setUserPassword(args, input)
}

/** For somebody whom the door sent to change the password; the door comes next. */
export function changeRequiredUserPassword(
  args: RequestArgs,
  input: { password: string; redirectTo?: string | undefined },
) {
  return sigra.accounts.changeRequiredUserPassword(args, input)
}

/** What the signed-in user can prove again who they are by. */
export function getSudoState(args: RequestArgs) {
  return sigra.accounts.getSudoState(args)
}

export function sudoByPassword(
  args: RequestArgs,
  input: { password: string; redirectTo?: string | undefined },
) {
  return sigra.accounts.sudoByPassword(args, input)
}

/** A code of the app. A backup code beside the password opens only what replaces a lost factor. */
export function sudoBySecondFactor(
  args: RequestArgs,
  input: {
    code?: string | undefined
    backupCode?: string | undefined
    password?: string | undefined
    mailedCode?: string | undefined
    redirectTo?: string | undefined
  },
) {
  return sigra.accounts.sudoBySecondFactor(args, input)
}

/** For somebody who has nothing else to prove it with. */
export function deliverUserSudoCode(args: RequestArgs) {
  return sigra.accounts.deliverUserSudoCode(args)
}

export function sudoByCode(args: RequestArgs, input: { code: string; redirectTo?: string | undefined }) {
  return sigra.accounts.sudoByCode(args, input)
}

/** Mails a link and a code to log in by. The answer is the same for every address. */
export function deliverUserLogInInstructions(
  args: RequestArgs,
  input: { email: string; redirectTo?: string | undefined },
) {
  return sigra.accounts.deliverUserLogInInstructions(args, input)
}

export function getUserByMagicLinkToken(args: RequestArgs, token: string) {
  return sigra.accounts.getUserByMagicLinkToken(args, token)
}

export function logInUserByMagicLink(args: RequestArgs, input: { token: string }) {
  return sigra.accounts.logInUserByMagicLink(args, input)
}

export function logInUserByMagicCode(args: RequestArgs, input: { email: string; code: string }) {
  return sigra.accounts.logInUserByMagicCode(args, input)
}

/** The second step of signing in: a code of the authenticator app, or a backup code. The door comes next. */
export function verifyUserSecondFactor(args: RequestArgs, input: MfaInput & { redirectTo: string | null }) {
  return sigra.accounts.verifyUserSecondFactor(args, input)
}

/** Which second factors there are, of somebody who is signed in or about to be. */
export function getUserSecondFactorState(args: RequestArgs) {
  return sigra.accounts.getUserSecondFactorState(args)
}

/** Makes a seed for an authenticator app. It counts from the first code on, and only in this session until then. */
export function enrollUserTotp(args: RequestArgs) {
  return sigra.accounts.enrollUserTotp(args)
}

/** Makes the app count. Answers the backup codes, once; ends every other session. */
export function activateUserTotp(args: RequestArgs, input: { code: string; redirectTo?: string | null }) {
  return sigra.accounts.activateUserTotp(args, input)
}

/** For somebody who must have backup codes and has none. Answers them, once. */
export function issueUserBackupCodes(args: RequestArgs, input: { redirectTo: string | null }) {
  return sigra.accounts.issueUserBackupCodes(args, input)
}

export function disableUserTotp(args: RequestArgs) {
  return sigra.accounts.disableUserTotp(args)
}

/** Answers new codes, once; the former ones are dead. */
export function regenerateUserBackupCodes(args: RequestArgs) {
  return sigra.accounts.regenerateUserBackupCodes(args)
}

/** Asks for a second step at every sign-in, or no longer. */
export function requireUserSecondStep(args: RequestArgs, input: { isRequired: boolean }) {
  return sigra.accounts.requireUserSecondStep(args, input)
}

/** For your support, after too many wrong codes. Make sure who asks for it. */
export function unblockUserSecondFactor(args: RequestArgs, userId: string) {
  return sigra.accounts.unblockUserSecondFactor(args, userId)
}
