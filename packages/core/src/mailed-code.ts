import { concatBytes, encodeUtf8 } from './bytes.ts'
import { createMac, type KeyRing } from './key-ring.ts'
import type { Selector, TokenPurpose } from './mailed-token.ts'
import { parseSixDigits } from './six-digits.ts'

const CODE_DIGITS = 6

/**
 * The six digits that stand in the same mail as the link of this row, under a key of their own. Every value from
 * `000000` to `999999` is equally likely: 256 bits leave no bias worth a name (below 2^-236).
 *
 * @returns `null` when the ring does not (yet, or any more) hold that key.
 */
export function deriveMailedCode(
  ring: KeyRing,
  purpose: TokenPurpose,
  keyId: string,
  selector: Selector,
): string | null {
  const mac = createMac(ring, `mailed-code/${purpose}`, concatBytes(encodeUtf8(keyId), selector), keyId)
  if (!mac) return null
  const code = BigInt(`0x${Buffer.from(mac).toString('hex')}`) % 10n ** BigInt(CODE_DIGITS)
  return code.toString().padStart(CODE_DIGITS, '0')
}

/** Reads a typed code: six ASCII digits, with the blanks and dashes people and mail programs put between; else `null`. */
export function parseMailedCode(value: unknown): string | null {
  return parseSixDigits(value)
}
