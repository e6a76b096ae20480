import { SigraError } from '@sigra/core'
/** A mail could not be sent now and waits for its next attempt. `message` ends up in the job table: it is one of ours. */
export declare class MailNotSent extends SigraError {
  readonly name = 'MailNotSent'
  readonly code = 'SIGRA_MAIL_NOT_SENT'
}
//# sourceMappingURL=mail-not-sent.d.ts.map
