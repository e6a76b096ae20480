// sigra:file passkeys
import type { PasskeyNotice } from '@sigra/remix/passkeys'
import type { AreaMails } from '@sigra/worker'
import { notice } from '../../accounts/emails/notices.tsx'
import type { MailUser } from '../../accounts/emails/props.ts'

export const passkeyMails = {
  passkeyAdded: notice('passkeyAdded'),
  passkeyRemoved: notice('passkeyRemoved'),
  passkeyCopied: notice('passkeyCopied'),
} satisfies AreaMails<PasskeyNotice, MailUser>
