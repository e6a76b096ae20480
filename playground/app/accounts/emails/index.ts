import type { Mails } from '@sigra/worker'
import { organizationMails } from '../../organizations/emails/index.ts'
import { passkeyMails } from '../../passkeys/emails/index.ts'
import { accountDeleted } from './account-deleted.tsx'
import { alreadyRegistered } from './already-registered.tsx'
import { blocked } from './blocked.tsx'
import { changeEmail } from './change-email.tsx'
import { confirmAddress } from './confirm-address.tsx'
import { emailChangeDone } from './email-change-done.tsx'
import { magicLink } from './magic-link.tsx'
import { notMeDone } from './not-me-done.tsx'
import { notice } from './notices.tsx'
import type { MailUser } from './props.ts'
import { resetPassword } from './reset-password.tsx'
import { sudoCode } from './sudo-code.tsx'

/** Every mail this app sends. A kind that is missing here does not compile. */
export const mails = {
  confirmAddress,
  changeEmail,
  alreadyRegistered: alreadyRegistered('alreadyRegistered'),
  addressInUse: alreadyRegistered('addressInUse'),
  magicLink,
  resetPassword,
  sudoCode,
  passwordChanged: notice('passwordChanged'),
  passwordSet: notice('passwordSet'),
  addressConfirmed: notice('addressConfirmed'),
  newSignIn: notice('newSignIn'),
  secondFactorAdded: notice('secondFactorAdded'),
  secondFactorRemoved: notice('secondFactorRemoved'),
  secondFactorBlocked: notice('secondFactorBlocked'),
  trustedBrowserCopied: notice('trustedBrowserCopied'),
  backupCodeUsed: notice('backupCodeUsed'),
  backupCodesReplaced: notice('backupCodesReplaced'),
  sudoRecovery: notice('sudoRecovery'),
  dataExported: notice('dataExported'),
  emailChangeRequested: notice('emailChangeRequested'),
  emailChanged: notice('emailChanged'),
  deletionScheduled: notice('deletionScheduled'),
  deletionReminder: notice('deletionReminder'),
  deletionCancelled: notice('deletionCancelled'),
  disputed: notice('disputed'),
  ...passkeyMails,
  ...organizationMails,
  signInBlocked: blocked('signInBlocked'),
  codesBlocked: blocked('codesBlocked'),
  notMeDone,
  emailIsNow: emailChangeDone('emailIsNow'),
  emailLeft: emailChangeDone('emailLeft'),
  accountDeleted,
} satisfies Mails<MailUser>
