import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Accounts } from './accounts.ts'
import type { Passkeys } from './passkeys/passkeys.ts'
import { passkeysArea } from './passkeys/passkeys-area.ts'
import { createOfflineSigra } from './testing-only/offline-sigra.ts'

/** What the guide says of all of them at once. */
type Common = 'limited' | 'busy' | 'invalid'

type Functions = Accounts & Omit<Passkeys, 'policy' | 'rpId'>

type ReasonsOf<Name extends keyof Functions> = Exclude<
  Extract<Awaited<ReturnType<Functions[Name]>>, { ok: false }>['reason'],
  Common
>

/** What each function refuses with. It does not compile where the function says something else. */
const refusals: { [Name in keyof Functions]: Record<ReasonsOf<Name>, true> } = {
  registerUser: { 'registration-closed': true },
  deliverUserConfirmationInstructions: {},
  getUserByConfirmationToken: {},
  isConfirmedHere: {},
  confirmUser: { disabled: true, 'other-browser': true, 'wrong-password': true, 'no-tries-left': true },
  confirmUserByCode: { disabled: true, 'other-browser': true },
  confirmUserWithNewPassword: { 'invalid-token': true },
  rejectRegistration: {},
  logInUser: { 'invalid-credentials': true, disabled: true },
  deliverUserLogInInstructions: {},
  getUserByMagicLinkToken: {},
  logInUserByMagicLink: { disabled: true },
  logInUserByMagicCode: { disabled: true },
  changeRequiredUserPassword: { ended: true },
  getUserDocuments: {},
  exportUserData: {},
  getUserDeletionState: {},
  scheduleUserDeletion: { 'deletion-blocked': true },
  cancelUserDeletion: { ended: true },
  listUserActivity: {},
  disputeUserEvent: { unknown: true },
  acceptUserDocuments: { 'not-accepted': true, ended: true },
  logOutUser: {},
  deliverUserResetPasswordInstructions: {},
  getUserByResetPasswordToken: {},
  resetUserPassword: { 'invalid-token': true },
  getUserByNotMeToken: {},
  secureUser: { 'invalid-token': true },
  getUserEmailChange: {},
  deliverUserUpdateEmailInstructions: { 'needs-older-factor': true, unconfirmed: true },
  resendUserEmailChange: { gone: true },
  cancelUserEmailChange: {},
  getUserByUpdateEmailToken: {},
  updateUserEmail: { taken: true, 'not-approved': true },
  approveUserEmailChange: { 'invalid-token': true },
  getUserPasswordState: {},
  changeUserPassword: { changed: true, 'session-ended': true },
  setUserPassword: { changed: true, 'session-ended': true },
  listUserSessions: {},
  revokeUserSession: { unknown: true },
  revokeOtherUserSessions: {},
  revokeAllUserSessions: {},
  getSudoState: {},
  sudoByPassword: { wrong: true, 'session-ended': true },
  sudoBySecondFactor: { wrong: true, 'already-used': true, blocked: true, 'session-ended': true },
  deliverUserSudoCode: {},
  sudoByCode: { wrong: true, 'session-ended': true },
  getUserSecondFactorState: {},
  verifyUserSecondFactor: {
    'wrong-code': true,
    'already-used': true,
    blocked: true,
    disabled: true,
    'session-ended': true,
  },
  enrollUserTotp: { unconfirmed: true },
  activateUserTotp: {
    'wrong-code': true,
    'not-enrolled': true,
    unconfirmed: true,
    disabled: true,
    'session-ended': true,
  },
  disableUserTotp: { 'not-active': true, required: true },
  regenerateUserBackupCodes: { 'not-active': true },
  issueUserBackupCodes: { 'not-wanted': true, disabled: true, 'session-ended': true },
  requireUserSecondStep: { 'no-factor': true, unchanged: true },
  createPasskeyLogIn: {},
  logInUserByPasskey: { 'invalid-passkey': true, expired: true },
  createPasskeySecondFactor: { 'session-ended': true },
  verifyUserSecondFactorByPasskey: {
    'invalid-passkey': true,
    expired: true,
    disabled: true,
    'session-ended': true,
  },
  createPasskeySudo: { 'sudo-required': true },
  sudoByPasskey: {
    'invalid-passkey': true,
    expired: true,
    disabled: true,
    'session-ended': true,
    'sudo-required': true,
  },
  createPasskeyEnrolment: {
    'too-many': true,
    unconfirmed: true,
    'sudo-required': true,
  },
  addUserPasskey: {
    'already-registered': true,
    'too-many': true,
    unconfirmed: true,
    'invalid-passkey': true,
    expired: true,
    disabled: true,
    'session-ended': true,
    'sudo-required': true,
  },
  offerUserPasskey: {},
  usedPasskeyHere: {},
  listUserPasskeys: {},
  renameUserPasskey: { 'bad-name': true, unknown: true },
  removeUserPasskey: { 'last-way': true, unknown: true },
  deleteAllUserSessionTokens: {},
  unblockUserSecondFactor: {},
}

const guide = await readFile(new URL('../../../docs/accounts.md', import.meta.url), 'utf8')
const [guards = '', functions = ''] = guide.split('\n## Account functions\n')

describe('the guide on guards and account functions', () => {
  it('names every function of an account, and none that there is not', () => {
    const { sigra, entities } = createOfflineSigra()
    const { policy: _policy, rpId: _rpId, ...passkeys } = sigra.area(passkeysArea({ entities }))
    const all = Object.keys({ ...sigra.accounts, ...passkeys })
    expect(named(functions).toSorted()).toEqual(all.toSorted())
  })

  it.each(Object.entries(refusals))('says what %s refuses with', (name, reasons) => {
    const row = functions.split('\n').find((line) => line.startsWith(`| \`${name}(args`)) ?? ''
    const last = row.split(' | ').at(-1) ?? ''
    const said = [...last.matchAll(/`([a-z-]+)`/g)].map(([, reason]) => reason)
    expect(said.filter((word) => word !== 'token').toSorted()).toEqual(Object.keys(reasons).toSorted())
  })

  it('names every guard', () => {
    const { sigra } = createOfflineSigra()
    const own = Object.keys(sigra).filter((name) => name === 'getUser' || name.startsWith('require'))
    expect(named(guards).toSorted()).toEqual(own.toSorted())
  })
})

function named(text: string): string[] {
  return [...text.matchAll(/^\| `(\w+)\(args/gm)].map(([, name = '']) => name)
}
