import { deriveMailedToken, type MailedToken, parseSelector } from '@sigra/core'
import type { Runtime } from '../runtime.ts'
import type { DisputableNotice } from './mail-payload.ts'

/** What the link "This wasn't me" of a notice holds; `null` where the key is not in the ring. */
export function deriveNoticeToken(
  { ring }: Runtime,
  { keyId, selector }: DisputableNotice,
): MailedToken | null {
  const parsed = parseSelector(selector)
  return parsed && deriveMailedToken(ring, 'not-me', keyId, parsed)
}
