import { sanitizeText } from '@sigra/core'

const MAX_NICKNAME_LENGTH = 64

/** What somebody calls a passkey: one line, shown on pages and in mails. `null` for nothing that can be read. */
export function parseNickname(typed: unknown): string | null {
  if (typeof typed !== 'string' || typed.length > 1024) return null
  const text = sanitizeText(typed.normalize('NFC').replaceAll(/\s+/gu, ' ').trim(), MAX_NICKNAME_LENGTH)
  return text === '' ? null : text
}
