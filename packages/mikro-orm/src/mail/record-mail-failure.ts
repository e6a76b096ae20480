import { sanitizeText } from '@sigra/core'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import type { MailPayload } from './mail-payload.ts'

const MAX_DETAIL_LENGTH = 300

/** Says that a mail will never be delivered (SMTP 5xx). Its address stays out of the log; the mail id finds the job. */
export const recordMailFailure = defineFlow(
  {
    name: 'recordMailFailure',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime, mail: MailPayload, detail: string): Promise<void> => {
    runtime.logger.error('mail.refused', {
      mailId: mail.mailId,
      kind: mail.kind,
      detail: sanitizeText(hideAddress(detail, mail.address), MAX_DETAIL_LENGTH),
    })
  },
)

/** Servers quote the recipient in their refusals. */
function hideAddress(detail: string, address: string): string {
  return detail.replaceAll(/[^\s<>"]+@[^\s<>",;:]+/g, '…').replaceAll(address, '…')
}
