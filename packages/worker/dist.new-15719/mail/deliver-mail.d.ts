import { type Runtime } from '@sigra/mikro-orm'
import { type MailTransport } from './mail-transport.ts'
import type { Mails } from './mails.ts'
import type { Sender } from './sender.ts'
export interface Delivery {
  runtime: Runtime
  mails: Mails
  transport: MailTransport
  sender: Sender
}
/** What became of a job: `sent`, or the reason why it is done without a mail. */
export type DeliveryResult = {
  outcome: 'sent' | 'dropped' | 'refused'
}
/**
 * Sends the mail of one job, if it is still wanted. What returns is done for good; what throws is tried again.
 *
 * @param attempt 1 the first time.
 * @throws {MailNotSent} `SIGRA_MAIL_NOT_SENT` when it has to wait for its next attempt.
 */
export declare function deliverMail(
  delivery: Delivery,
  job: unknown,
  attempt: number,
): Promise<DeliveryResult>
//# sourceMappingURL=deliver-mail.d.ts.map
