import { createHash } from 'node:crypto'

/** Fingerprint of a pristine text, as kept in `sigra.lock.json`. Line ends do not count. */
export function hashText(text: string): string {
  return `sha256:${createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('base64url')}`
}
