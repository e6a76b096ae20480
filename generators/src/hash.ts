import { createHash } from 'node:crypto'
import { withoutMark } from './byte-order-mark.ts'
import { toLf } from './line-endings.ts'

/** Fingerprint of a pristine text, as kept in `sigra.lock.json`. Line ends and a byte-order mark do not count. */
export function hashText(text: string): string {
  return `sha256:${createHash('sha256')
    .update(toLf(withoutMark(text)))
    .digest('base64url')}`
}
