import { createElement, type ReactElement } from 'react'
import type { MailKind, MailProps } from '@sigra/mikro-orm'
import type { Mail, Mails } from '../mail/mails.ts'

/** Templates without TSX, which Node loads by itself: everything a mail is told, one line each. */
export const plainMails: Mails = {
  confirmAddress: (props) => write('confirmAddress', props),
  alreadyRegistered: (props) => write('alreadyRegistered', props),
  resetPassword: (props) => write('resetPassword', props),
  passwordChanged: (props) => write('passwordChanged', props),
  addressConfirmed: (props) => write('addressConfirmed', props),
  signInBlocked: (props) => write('signInBlocked', props),
}

function write<K extends MailKind>(kind: K, props: MailProps[K]): Mail {
  const lines: ReactElement[] = Object.entries(props).map(([name, value]) =>
    createElement(
      'p',
      { key: name },
      `${name}: ${value instanceof Date ? value.toISOString() : String(value)}`,
    ),
  )
  return {
    subject: `${kind} of ${props.appName}`,
    body: createElement('html', null, createElement('body', null, lines)),
  }
}
