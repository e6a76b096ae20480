import { createElement, type ReactElement } from 'react'
import { type AreaMailKind, type MailKind, mailKinds, type MailProps } from '@sigra/mikro-orm'
import type { AreaMails, Mail, Mails } from '../mail/mails.ts'

/** Templates without TSX, which Node loads by itself: everything a mail is told, one line each. */
export const plainMails = Object.fromEntries(
  mailKinds.map((kind) => [kind, (props: MailProps[MailKind]) => write(kind, props)]),
) as Mails<object> & AreaMails<AreaMailKind, object>

function write(kind: MailKind, props: MailProps[MailKind]): Mail {
  const lines: ReactElement[] = Object.entries(props).map(([name, value]: [string, unknown]) =>
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
