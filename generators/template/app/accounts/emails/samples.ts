import type { MailSamples } from '@sigra/worker'
import { organizations } from '../../organizations/emails/samples.ts'
import { passkeys } from '../../passkeys/emails/samples.ts'
import { paths } from '../../paths.ts'
import type { MailUser } from './props.ts'
import { address, browser, common, notice, occurredAt, resetUrl, token } from './sample-facts.ts'

/** What “This wasn’t me” took away. */
const removed = ['password', ...passkeys.removed] as const

/** What the mailbox's gallery and the tests fill the mails with. Nothing here is a working link. */
export const samples = {
  confirmAddress: {
    ...common,
    user: null, // as long as the address is not confirmed
    confirmUrl: `https://app.example.com${paths.confirm}/${token}`,
    code: '314159',
    linkHours: 24,
    codeMinutes: 30,
  },
  changeEmail: {
    ...common,
    user: null, // its reader is not known to be them
    changeUrl: `https://app.example.com${paths.changeEmail}/${token}`,
    code: '314159',
    linkHours: 24,
    codeMinutes: 30,
  },
  alreadyRegistered: { ...common, logInUrl: `https://app.example.com${paths.logIn}`, resetUrl },
  addressInUse: { ...common, logInUrl: `https://app.example.com${paths.logIn}`, resetUrl },
  magicLink: {
    ...common,
    logInUrl: `https://app.example.com${paths.logIn}/${token}`,
    code: '314159',
    minutes: 10,
    browser,
    address,
  },
  resetPassword: { ...common, resetUrl: `${resetUrl}/${token}`, minutes: 60 },
  sudoCode: { ...common, code: '314159', minutes: 10, resetUrl, browser, address },
  passwordChanged: notice,
  passwordSet: notice,
  addressConfirmed: notice,
  newSignIn: notice,
  secondFactorAdded: { ...notice, removableHours: 72 },
  secondFactorRemoved: notice,
  secondFactorBlocked: { ...notice, isRefused: true },
  trustedBrowserCopied: notice,
  backupCodeUsed: { ...notice, codesLeft: 9 },
  backupCodesReplaced: notice,
  sudoRecovery: notice,
  dataExported: notice,
  emailChangeRequested: {
    ...notice,
    maskedEmail: 'j•••@example.net',
    approveUrl: `https://app.example.com${paths.changeEmail}/${token}`,
  },
  emailChanged: { ...notice, maskedEmail: 'j•••@example.net', undoDays: 7 },
  deletionScheduled: {
    ...notice,
    notMeDays: 14,
    deleteAfter: new Date('2026-05-18T09:41:00Z'),
    logInUrl: `https://app.example.com${paths.logIn}`,
  },
  deletionReminder: {
    ...notice,
    notMeDays: 2,
    deleteAfter: new Date('2026-05-18T09:41:00Z'),
    logInUrl: `https://app.example.com${paths.logIn}`,
  },
  deletionCancelled: notice,
  disputed: notice,
  ...passkeys.samples,
  ...organizations,
  signInBlocked: { ...common, occurredAt, resetUrl },
  codesBlocked: { ...common, occurredAt, resetUrl },
  notMeDone: {
    ...common,
    occurredAt,
    browser,
    address,
    resetUrl,
    removed,
    isAddressRestored: true,
    isDeletionCancelled: true,
  },
  emailIsNow: { ...common, occurredAt, browser, address },
  emailLeft: { ...common, occurredAt, browser, address },
  accountDeleted: { ...common, user: null, deletedAt: new Date('2026-05-18T10:00:00Z') },
} satisfies MailSamples<MailUser>
