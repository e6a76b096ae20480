// sigra:file passkeys
import type { RequestArgs } from '@sigra/remix'
import { sigra } from '../sigra.server.ts'
import type { PasskeyAnswer } from '../accounts/schemas.ts'

// What an account can do with passkeys. Each ceremony has two calls: one for the options that a page's script hands to
// the browser, and one for what the browser answers.

/** The same for everybody: it names neither people nor passkeys. */
export function createPasskeyLogIn(args: RequestArgs) {
  return sigra.accounts.createPasskeyLogIn(args)
}

export function logInUserByPasskey(args: RequestArgs, input: PasskeyAnswer) {
  return sigra.accounts.logInUserByPasskey(args, input)
}

export function createPasskeySecondFactor(args: RequestArgs) {
  return sigra.accounts.createPasskeySecondFactor(args)
}

export function verifyUserSecondFactorByPasskey(args: RequestArgs, input: PasskeyAnswer) {
  return sigra.accounts.verifyUserSecondFactorByPasskey(args, input)
}

export function createPasskeySudo(args: RequestArgs) {
  return sigra.accounts.createPasskeySudo(args)
}

export function sudoByPasskey(args: RequestArgs, input: PasskeyAnswer) {
  return sigra.accounts.sudoByPasskey(args, input)
}

export function createPasskeyEnrolment(args: RequestArgs) {
  return sigra.accounts.createPasskeyEnrolment(args)
}

/** For a session with sudo, or a sign-in that waits for a second factor: that one goes on afterwards. */
export function addUserPasskey(args: RequestArgs, input: PasskeyAnswer) {
  return sigra.accounts.addUserPasskey(args, input)
}

export function listUserPasskeys(args: RequestArgs) {
  return sigra.accounts.listUserPasskeys(args)
}

export function renameUserPasskey(args: RequestArgs, input: { passkeyId: string; nickname: string }) {
  return sigra.accounts.renameUserPasskey(args, input)
}

/** Not the last way to sign in. Everything else that is signed in ends. */
export function removeUserPasskey(args: RequestArgs, input: { passkeyId: string }) {
  return sigra.accounts.removeUserPasskey(args, input)
}
