import { ConfigInvalid } from '@sigra/core'
import { mailboxTransport } from './mailbox-transport.ts'
import type { MailTransport } from './mail-transport.ts'
import { smtpTransport } from './smtp-transport.ts'

/** Where the development mailbox lives, below the working directory. */
export const MAILBOX_DIRECTORY = '.sigra/mailbox'

/**
 * SMTP where `SMTP_URL` is set, else the development mailbox.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in production without `SMTP_URL`, and for a malformed one.
 */
export function defaultTransport(env: Record<string, string | undefined>): MailTransport {
  if (env['SMTP_URL']) return smtpTransport(env['SMTP_URL'])
  if (env['NODE_ENV'] === 'production') {
    throw new ConfigInvalid(
      'SMTP_URL is missing: production needs your mail server, like smtps://user:password@host:465',
    )
  }
  return mailboxTransport(MAILBOX_DIRECTORY)
}
