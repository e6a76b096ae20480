import { parseEmail } from '@sigra/core'
import { parseMailPayload, prepareMail, recordMailFailure, traceFlow } from '@sigra/mikro-orm'
import { MailNotSent } from './mail-not-sent.js'
import { isPermanent, MailRefused } from './mail-transport.js'
import { renderMail } from './render-mail.js'
/**
 * Sends the mail of one job, if it is still wanted. What returns is done for good; what throws is tried again.
 *
 * @param attempt 1 the first time.
 * @throws {MailNotSent} `SIGRA_MAIL_NOT_SENT` when it has to wait for its next attempt.
 */
export async function deliverMail(delivery, job, attempt) {
  const payload = parseMailPayload(job)
  // Perhaps written by a newer release that is just being rolled out: its workers will understand it.
  if (!payload) throw new MailNotSent('This release does not understand the payload')
  const source = 'requestId' in payload ? { requestId: payload.requestId } : null
  return traceFlow('mail.deliver', source, () => deliver(delivery, payload, attempt))
}
async function deliver(delivery, payload, attempt) {
  const { runtime } = delivery
  const about = { mailId: payload.mailId, kind: payload.kind }
  const prepared = await prepareMail(runtime, payload, { attempt })
  if ('drop' in prepared) {
    runtime.logger.info('mail.dropped', { ...about, reason: prepared.drop })
    return { outcome: 'dropped' }
  }
  if ('retry' in prepared) throw new MailNotSent(prepared.retry)
  try {
    await delivery.transport(await composeMail(delivery, prepared.send))
  } catch (error) {
    if (!isPermanent(error)) throw explain(error)
    await recordMailFailure(runtime, payload, describeRefusal(error))
    runtime.logger.error('mail.refused', { ...about, reason: describeRefusal(error) })
    return { outcome: 'refused' }
  }
  runtime.logger.info('mail.sent', about)
  return { outcome: 'sent' }
}
/** Puts words, addresses and the stable parts together. The same mail is the same message, whenever it is made. */
async function composeMail({ mails, sender }, prepared) {
  const to = parseEmail(prepared.to)
  if (!to) throw new MailRefused('The stored address is not an address')
  const { subject, html, text } = await renderMail(callTemplate(mails, prepared))
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
function callTemplate(mails, prepared) {
  return mails[prepared.kind](prepared.props)
}
/** A host's transport, or a template, may put anything into a message; the job table keeps only its name. */
function explain(error) {
  if (error instanceof MailNotSent) return error
  const name = error instanceof Error ? error.name : typeof error
  return new MailNotSent(`The transport or the template failed: ${name}`, { cause: error })
}
function describeRefusal(error) {
  return error instanceof MailRefused ? error.message : 'The provider refused the message'
}
//# sourceMappingURL=deliver-mail.js.map
