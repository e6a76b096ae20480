import { createTotpCode, decodeBase32, totpStep } from '@sigra/core'

export interface TotpCodeOptions {
  /** What time it is on the phone. @default now */
  at?: Date
  /** Codes later (or earlier, below zero) than the one at that time: each lasts 30 seconds. @default 0 */
  steps?: number
}

/** The key is not what the page shows beside the QR code. */
export class KeyUnreadable extends Error {
  override readonly name = 'KeyUnreadable'
}

/**
 * What an authenticator app shows. A code is accepted once, from one step before it is shown to one after: a test that
 * signs in twice takes two `steps`.
 *
 * @param key As the page shows it, in groups of four.
 * @throws {KeyUnreadable} when it is no base32.
 */
export function totpCode(key: string, { at = new Date(), steps = 0 }: TotpCodeOptions = {}): string {
  const secret = decodeBase32(key.replaceAll(/\s/g, ''))
  if (secret === null || secret.length === 0)
    throw new KeyUnreadable('This is no key of an authenticator app')
  return createTotpCode(secret, totpStep(at) + steps)
}
