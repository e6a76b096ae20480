import type { RequestSource } from '../caller.ts'
import type { RequestedMail } from './mail-payload.ts'

/** The request a mail was asked by, for audit rows written when it is admitted. */
export function sourceOf(mail: RequestedMail): RequestSource {
  return { clientAddress: mail.ip, userAgent: mail.userAgent, requestId: mail.requestId }
}
