import type { PasskeyNotice } from '@sigra/remix/passkeys'
import type { AreaMailSamples } from '@sigra/worker'
import type { MailUser } from '../../accounts/emails/props.ts'
import { notice } from '../../accounts/emails/sample-facts.ts'

const named = { ...notice, nickname: 'Blue phone' }

export const passkeys = {
  samples: {
    passkeyAdded: named,
    passkeyRemoved: named,
    passkeyCopied: named,
  } satisfies AreaMailSamples<PasskeyNotice, MailUser>,
  /** Of what “This wasn’t me” takes away. */
  removed: ['passkey'],
} as const
