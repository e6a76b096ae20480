import { decodeCanonical, deriveMailedToken, type MailedToken, parseSelector } from '@sigra/core'
import type { Runtime } from '../runtime.ts'
import type { RequestedToken } from '../tokens/insert-requested-tokens.ts'
import { tokenPurposes } from './mail-kinds.ts'
import { mailLifeMinutes } from './mail-life.ts'
import type { ChangeMail, TokenMail } from './mail-payload.ts'

/** What the link and the code of a mail stand for; `null` where the key is not in the ring. */
export function deriveRequestedToken({ ring }: Runtime, mail: TokenMail): MailedToken | null {
  const selector = parseSelector(mail.selector)
  return selector && deriveMailedToken(ring, tokenPurposes[mail.kind], mail.keyId, selector)
}

/** The same of a change of address: its row is made when it is asked for. */
export function deriveChangeToken({ ring }: Runtime, { keyId, selector }: ChangeMail): MailedToken | null {
  const parsed = parseSelector(selector)
  return parsed && deriveMailedToken(ring, 'change-email', keyId, parsed)
}

/** The row of that token. */
export function describeRequestedToken(
  { policy }: Runtime,
  mail: TokenMail,
  token: MailedToken,
): RequestedToken {
  return {
    token,
    sentTo: mail.address,
    requestedAt: mail.requestedAt,
    lifeMinutes: mailLifeMinutes(policy, mail.kind),
    browserHash: mail.browserHash === null ? null : decodeCanonical(mail.browserHash),
    redirectTo: mail.redirectTo ?? null,
  }
}
