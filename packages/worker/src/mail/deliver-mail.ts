import { parseEmail } from '@sigra/core'
import {
  type MailPayload,
  parseMailPayload,
  type PreparedMail,
  prepareMail,
  recordMailFailure,
  type Runtime,
  type Sender,
  traceFlow,
} from '@sigra/mikro-orm'
import { callTemplate } from './call-template.ts'
import { MailNotSent } from './mail-not-sent.ts'
import { isPermanent, MailRefused, type MailTransport, type OutgoingMail } from './mail-transport.ts'
import type { Mails } from './mails.ts'
import { renderMail } from './render-mail.ts'

export interface Delivery {
  runtime: Runtime
  mails: Mails
  transport: MailTransport
  sender: Sender
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
  const payload = parseMailPayload(job)
  // Perhaps written by a newer release that is just being rolled out: its workers will understand it.
  if (!payload) throw new MailNotSent('This release does not understand the payload')
  const source = 'requestId' in payload ? { requestId: payload.requestId } : null
  return traceFlow('mail.deliver', source, () => deliver(delivery, payload, attempt))
}

async function deliver(delivery: Delivery, payload: MailPayload, attempt: Attempt): Promise<DeliveryResult> {
  const { runtime } = delivery
  const about = { mailId: payload.mailId, kind: payload.kind }
  const prepared = await prepareMail(runtime, payload)
  if ('drop' in prepared) {
    runtime.logger.info('mail.dropped', { ...about, reason: prepared.drop })
    return { outcome: 'dropped' }
  }
  if ('retry' in prepared) throw new MailNotSent(prepared.retry)
  try {
    await delivery.transport(await composeMail(delivery, prepared.send))
  } catch (error) {
    const reason = explain(error)
    if (isPermanent(error) || attempt.isLast) await recordMailFailure(runtime, payload, reason.message)
    if (!isPermanent(error)) throw reason
    return { outcome: 'refused' }
  }
  runtime.logger.info('mail.sent', about)
  return { outcome: 'sent' }
}

/** Puts words, addresses and the stable parts together. The same mail is the same message, whenever it is made. */
async function composeMail({ mails, sender }: Delivery, prepared: PreparedMail): Promise<OutgoingMail> {
  const to = parseEmail(prepared.to)
  if (!to) throw new MailRefused('The stored address is not an address')
  const mail = callTemplate(mails, prepared.kind, prepared.props)
  // Enqueued while the app had passkeys, or by a process of the release that has them.
  if (!mail) throw new MailNotSent('This app has no template for the mail')
  const { subject, html, text } = await renderMail(mail)
  return {
    id: prepared.mailId,
    messageId: prepared.messageId,
    date: prepared.date,
    boundary: prepared.boundary,
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
