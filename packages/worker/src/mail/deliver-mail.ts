import { parseEmail } from '@sigra/core'
import {
  type Admission,
  type DraftedMail,
  draftMail,
  type MailPayload,
  type MailReader,
  parseMailPayload,
  recordMailFailure,
  type Runtime,
  type Sender,
  traceFlow,
} from '@sigra/mikro-orm'
import { callTemplate } from './call-template.ts'
import { MailNotSent } from './mail-not-sent.ts'
import { isPermanent, MailRefused, type MailTransport, type OutgoingMail } from './mail-transport.ts'
import type { Mails } from './mails.ts'
import { type RenderedMail, renderMail } from './render-mail.ts'

export interface Delivery {
  runtime: Runtime
  mails: Mails
  transport: MailTransport
  sender: Sender
  /** Says for whom a mail is written: in which language, with which columns of the host's. */
  findReader(mail: MailPayload): Promise<MailReader>
  /** Says whether a mail is still wanted, and where it goes. */
  admit(mail: MailPayload): Promise<Admission>
}

export interface Attempt {
  /** 1 the first time. */
  number: number
  /** No other will follow. */
  isLast: boolean
}

/** What became of a job: `sent`, or the reason why it is done without a mail. */
export type DeliveryResult = { outcome: 'sent' | 'dropped' | 'refused' }

/**
 * Sends the mail of one job, if it is still wanted. What returns is done for good; what throws is tried again.
 *
 * @throws {MailNotSent} `SIGRA_MAIL_NOT_SENT` when it has to wait for its next attempt.
 */
export async function deliverMail(
  delivery: Delivery,
  job: unknown,
  attempt: Attempt,
): Promise<DeliveryResult> {
  const payload = parseMailPayload(job, delivery.runtime)
  // Perhaps written by a newer release that is just being rolled out: its workers will understand it.
  if (!payload) throw new MailNotSent('This release does not understand the payload')
  const source = 'requestId' in payload ? { requestId: payload.requestId } : null
  return traceFlow('mail.deliver', source, () => deliver(delivery, payload, attempt))
}

async function deliver(delivery: Delivery, payload: MailPayload, attempt: Attempt): Promise<DeliveryResult> {
  const { runtime } = delivery
  const drafted = await draftMail(runtime, payload, await delivery.findReader(payload))
  if (!('draft' in drafted)) return leaveUnsent(runtime, payload, drafted)
  let words: RenderedMail
  try {
    words = await fillIn(delivery, drafted.draft)
  } catch (error) {
    return giveUp(runtime, payload, attempt, error)
  }
  // Nothing is waited for between this answer and the server: what it lets out was wanted a moment ago.
  const admission = await delivery.admit(payload)
  if (!('to' in admission)) return leaveUnsent(runtime, payload, admission)
  try {
    await delivery.transport(compose(delivery, drafted.draft, words, admission.to))
  } catch (error) {
    return giveUp(runtime, payload, attempt, error)
  }
  runtime.logger.info('mail.sent', about(payload))
  return { outcome: 'sent' }
}

function about({ mailId, kind }: MailPayload): { mailId: string; kind: string } {
  return { mailId, kind }
}

function leaveUnsent(
  { logger }: Runtime,
  payload: MailPayload,
  reason: { drop: string } | { retry: string },
): DeliveryResult {
  if ('retry' in reason) throw new MailNotSent(reason.retry)
  logger.info('mail.dropped', { ...about(payload), reason: reason.drop })
  return { outcome: 'dropped' }
}

async function giveUp(
  runtime: Runtime,
  payload: MailPayload,
  attempt: Attempt,
  error: unknown,
): Promise<DeliveryResult> {
  const reason = explain(error)
  if (isPermanent(error) || attempt.isLast) await recordMailFailure(runtime, payload, reason.message)
  if (!isPermanent(error)) throw reason
  return { outcome: 'refused' }
}

async function fillIn({ mails }: Delivery, { kind, props }: DraftedMail): Promise<RenderedMail> {
  const mail = callTemplate(mails, kind, props)
  // Its owner took the template out.
  if (!mail) throw new MailNotSent('This app has no template for the mail')
  return renderMail(mail)
}

/** Puts words, addresses and the stable parts together. The same mail is the same message, whenever it is made. */
function compose(
  { sender }: Delivery,
  { mailId, messageId, date, boundary }: DraftedMail,
  { subject, text, html }: RenderedMail,
  stored: string,
): OutgoingMail {
  const to = parseEmail(stored)
  if (!to) throw new MailRefused('The stored address is not an address')
  return {
    id: mailId,
    messageId,
    date,
    boundary,
    from: sender,
    to: to.typed,
    subject,
    text,
    html,
    headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: no holiday notes in return
  }
}

/** A host's transport, or a template, may put anything into a message; logs and the job table get only its name. */
function explain(error: unknown): Error {
  if (error instanceof MailNotSent || error instanceof MailRefused) return error
  const name = error instanceof Error ? error.name : typeof error
  const what = isPermanent(error)
    ? 'The provider refused the message'
    : 'The transport or the template failed'
  return new MailNotSent(`${what}: ${name}`, { cause: error })
}
