import { SigraError } from '@sigra/core'

/** A finished message. Sent twice, it is the same bytes: nothing in it depends on when or where it is sent. */
export interface OutgoingMail {
  /** Stable over all attempts at this mail; also the left part of `messageId`. */
  id: string
  messageId: string
  date: Date
  /** The shared part of all MIME boundaries. */
  boundary: string
  from: { name: string; address: string }
  /** One bare address. */
  to: string
  subject: string
  text: string
  html: string
  /** Beyond the ones above. */
  headers: Record<string, string>
}

/**
 * Hands a message to whoever delivers it, and resolves once they have taken it. Any provider fits. What it throws is
 * tried again later, unless the error says `permanent: true` (for example `MailRefused`).
 */
export interface MailTransport {
  (message: OutgoingMail): Promise<void>
  /** Ends open connections when the worker stops. */
  close?(): void
}

/** The provider will never take this message. It is recorded and not tried again. */
export class MailRefused extends SigraError {
  override readonly name = 'MailRefused'
  readonly code = 'SIGRA_MAIL_REFUSED'
  readonly permanent = true
}

/** Whether trying again is pointless. Transports of the host may throw errors of their own with `permanent: true`. */
export function isPermanent(error: unknown): boolean {
  return error instanceof Error && 'permanent' in error && error.permanent === true
}
