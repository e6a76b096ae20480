import { SigraError } from '@sigra/core'
/** The provider will never take this message. It is recorded and not tried again. */
export class MailRefused extends SigraError {
  name = 'MailRefused'
  code = 'SIGRA_MAIL_REFUSED'
  permanent = true
}
/** Whether trying again is pointless. Transports of the host may throw errors of their own with `permanent: true`. */
export function isPermanent(error) {
  return error instanceof Error && 'permanent' in error && error.permanent === true
}
//# sourceMappingURL=mail-transport.js.map
