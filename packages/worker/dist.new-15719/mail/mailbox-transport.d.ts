import type { MailTransport } from './mail-transport.ts'
/** One message in the development mailbox: the JSON of its file. */
export interface MailboxMessage {
  id: string
  to: string
  from: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  /** ISO 8601. */
  sentAt: string
}
/**
 * Puts each message into a folder instead of sending it: one JSON file, written aside and renamed, so that a reader
 * never meets half a message. The same mail sent twice stays one file.
 */
export declare function mailboxTransport(directory: string): MailTransport
//# sourceMappingURL=mailbox-transport.d.ts.map
