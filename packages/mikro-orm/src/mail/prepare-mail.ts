import type { Runtime } from '../runtime.ts'
import type { MailEnvelope } from './mail-envelope.ts'
import type { MailPayload } from './mail-payload.ts'
import type { MailKind } from './mail-kinds.ts'
import type { MailProps } from './mail-props.ts'
import { prepareNotice } from './prepare-notice.ts'
import { prepareRequestedMail } from './prepare-requested-mail.ts'

/** A mail ready to be rendered. Preparing the same payload again gives the same one, byte for byte. */
export interface PreparedMail<Kind extends MailKind = MailKind> extends MailEnvelope {
  kind: Kind
  /** The address as stored, never as typed by whoever asked. */
  to: string
  props: MailProps[Kind]
}

/** `drop`: nobody is to get it any more, and why. `retry`: this process cannot know yet. */
export type Preparation = { send: PreparedMail } | { drop: string } | { retry: string }

/**
 * Decides whether a queued mail is still wanted, and by whom, and makes what its template needs. For a link someone
 * asked for, its token row appears here: the request that asked read nothing about the account.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function prepareMail(runtime: Runtime, mail: MailPayload): Promise<Preparation> {
  return 'eventId' in mail ? prepareNotice(runtime, mail) : prepareRequestedMail(runtime, mail)
}
