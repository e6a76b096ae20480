import { encodeBase64Url, sha256 } from '@sigra/core'

/** The parts of a message that a mailer would otherwise choose anew on every attempt. */
export interface MailEnvelope {
  mailId: string
  messageId: string
  date: Date
  boundary: string
}

/**
 * Derives everything variable about a message from its mail id, so that a second delivery of one mail is
 * byte-identical and mail readers show it once.
 *
 * @param instant When the mail was asked for, not when it is sent.
 */
export function createMailEnvelope(mailId: string, instant: Date, origin: URL): MailEnvelope {
  return {
    mailId,
    messageId: `<${mailId}@${origin.hostname}>`,
    date: new Date(Math.floor(instant.getTime() / 1000) * 1000), // a Date header has whole seconds
    boundary: `sigra-${encodeBase64Url(sha256(`boundary ${mailId}`)).slice(0, 24)}`,
  }
}
