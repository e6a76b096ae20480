import { decodeCanonical, encodeBase64Url } from './base64url.ts'
import type { Brand } from './brand.ts'
import { type Bytes, concatBytes, encodeUtf8 } from './bytes.ts'
import { isEqualConstantTime } from './constant-time.ts'
import { sha256 } from './hash.ts'
import { createMac, type KeyRing } from './key-ring.ts'
import { systemRandom } from './random.ts'

/**
 * What a mailed link or code is good for. It is part of the key, so a link of one kind is nothing at another's page.
 * A mail for `sudo` holds the code alone.
 */
export type TokenPurpose =
  | 'confirm'
  | 'magic-link'
  | 'reset-password'
  /** Proves the new address of a change. */
  | 'change-email'
  /** Lets a change pass from the former address, where the policy asks for it. */
  | 'approve-email'
  | 'not-me'
  | 'sudo'
  /** Joins an organization. */
  | 'invitation'
  /** Gives an organization back to whoever handed it over. */
  | 'transfer'

/** Names one token row: 16 random bytes. No secret: without the key ring no link can be made from it. */
export type Selector = Brand<Bytes, 'Selector'>

/** What stands in a mailed link. Derived whenever it is needed, never stored, never logged. */
export type MailedTokenText = Brand<string, 'MailedTokenText'>

export interface MailedToken {
  readonly purpose: TokenPurpose
  readonly keyId: string
  readonly selector: Selector
  /** SHA-256 of `text`: what the database holds. */
  readonly hash: Bytes
  readonly text: MailedTokenText
}

const SELECTOR_BYTES = 16
const MAC_BYTES = 32
const MAX_KEY_ID_BYTES = 16
const MAX_TEXT_LENGTH = Math.ceil(((MAX_KEY_ID_BYTES + SELECTOR_BYTES + MAC_BYTES) * 4) / 3)

/** Makes a selector for a new token row. */
export function createSelector(fillRandom = systemRandom): Selector {
  const bytes = new Uint8Array(SELECTOR_BYTES)
  fillRandom(bytes)
  return bytes as Selector
}

/** Reads a selector from a job's JSON: canonical base64url of 16 bytes, else `null`. */
export function parseSelector(text: string): Selector | null {
  const bytes = decodeCanonical(text)
  return bytes?.length === SELECTOR_BYTES ? (bytes as Selector) : null
}

/**
 * Makes the token of a row: `base64url(key id ‖ selector ‖ HMAC-SHA-256(key of purpose, key id ‖ selector))`.
 * The same row gives the same token, so a mail sent twice holds the same link.
 *
 * @returns `null` when the ring does not (yet, or any more) hold that key.
 */
export function deriveMailedToken(
  ring: KeyRing,
  purpose: TokenPurpose,
  keyId: string,
  selector: Selector,
): MailedToken | null {
  // A selector has a fixed length, so no other key id and selector make the same bytes.
  const subject = concatBytes(encodeUtf8(keyId), selector)
  const mac = createMac(ring, `mailed-token/${purpose}`, subject, keyId)
  if (!mac) return null
  const text = encodeBase64Url(concatBytes(subject, mac)) as MailedTokenText
  return { purpose, keyId, selector, hash: sha256(text), text }
}

/**
 * Reads a token from a link. Its MAC is checked, in constant time, before anyone may ask the database about it;
 * `null` for anything this ring did not make for this purpose, other spellings of a true token included.
 */
export function parseMailedToken(ring: KeyRing, purpose: TokenPurpose, value: unknown): MailedToken | null {
  if (typeof value !== 'string' || value.length > MAX_TEXT_LENGTH) return null
  const bytes = decodeCanonical(value)
  const keyIdLength = (bytes?.length ?? 0) - SELECTOR_BYTES - MAC_BYTES
  if (!bytes || keyIdLength < 1) return null
  const keyId = Buffer.from(bytes.subarray(0, keyIdLength)).toString('latin1')
  const selector = bytes.slice(keyIdLength, keyIdLength + SELECTOR_BYTES) as Selector
  const token = deriveMailedToken(ring, purpose, keyId, selector)
  // The hash of the text stands for the MAC within it: equal hashes mean equal tokens.
  return token && isEqualConstantTime(token.hash, sha256(value)) ? token : null
}
