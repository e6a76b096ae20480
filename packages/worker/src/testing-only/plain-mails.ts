import { createElement, type ReactElement } from 'react'
import type { MailKind, MailProps } from '@sigra/mikro-orm'
import type { Mail, Mails, OrganizationMails, PasskeyMails } from '../mail/mails.ts'

/** Templates without TSX, which Node loads by itself: everything a mail is told, one line each. */
export const plainMails: Mails<object> & PasskeyMails<object> & OrganizationMails<object> = {
  confirmAddress: (props) => write('confirmAddress', props),
  alreadyRegistered: (props) => write('alreadyRegistered', props),
  magicLink: (props) => write('magicLink', props),
  resetPassword: (props) => write('resetPassword', props),
  sudoCode: (props) => write('sudoCode', props),
  passwordChanged: (props) => write('passwordChanged', props),
  passwordSet: (props) => write('passwordSet', props),
  addressConfirmed: (props) => write('addressConfirmed', props),
  newSignIn: (props) => write('newSignIn', props),
  secondFactorAdded: (props) => write('secondFactorAdded', props),
  secondFactorRemoved: (props) => write('secondFactorRemoved', props),
  secondFactorBlocked: (props) => write('secondFactorBlocked', props),
  trustedBrowserCopied: (props) => write('trustedBrowserCopied', props),
  backupCodeUsed: (props) => write('backupCodeUsed', props),
  backupCodesReplaced: (props) => write('backupCodesReplaced', props),
  sudoRecovery: (props) => write('sudoRecovery', props),
  dataExported: (props) => write('dataExported', props),
  changeEmail: (props) => write('changeEmail', props),
  addressInUse: (props) => write('addressInUse', props),
  emailChangeRequested: (props) => write('emailChangeRequested', props),
  emailChanged: (props) => write('emailChanged', props),
  emailIsNow: (props) => write('emailIsNow', props),
  emailLeft: (props) => write('emailLeft', props),
  deletionScheduled: (props) => write('deletionScheduled', props),
  deletionCancelled: (props) => write('deletionCancelled', props),
  deletionReminder: (props) => write('deletionReminder', props),
  accountDeleted: (props) => write('accountDeleted', props),
  disputed: (props) => write('disputed', props),
  passkeyAdded: (props) => write('passkeyAdded', props),
  passkeyRemoved: (props) => write('passkeyRemoved', props),
  passkeyCopied: (props) => write('passkeyCopied', props),
  organizationInvitation: (props) => write('organizationInvitation', props),
  memberAdded: (props) => write('memberAdded', props),
  memberRoleChanged: (props) => write('memberRoleChanged', props),
  memberRemoved: (props) => write('memberRemoved', props),
  signInBlocked: (props) => write('signInBlocked', props),
  codesBlocked: (props) => write('codesBlocked', props),
  notMeDone: (props) => write('notMeDone', props),
}

function write<K extends MailKind>(kind: K, props: MailProps[K]): Mail {
  const lines: ReactElement[] = Object.entries(props).map(([name, value]) =>
    createElement(
      'p',
      { key: name },
      `${name}: ${value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    ),
  )
  return {
    subject: `${kind} of ${props.appName}`,
    body: createElement('html', null, createElement('body', null, lines)),
  }
}
