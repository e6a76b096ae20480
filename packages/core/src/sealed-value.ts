import { createCipheriv, createDecipheriv } from 'node:crypto'
import { decodeCanonical, encodeBase64Url } from './base64url.ts'
import { type Bytes, concatBytes, encodeUtf8 } from './bytes.ts'
import { ConfigInvalid } from './errors.ts'
import { deriveKey, KEY_ID, type KeyRing } from './key-ring.ts'
import { systemRandom } from './random.ts'

const VERSION = 'v1'
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12 // NIST SP 800-38D §8.2.2: random nonces of 96 bits, good for 2^32 values under one key
const TAG_BYTES = 16

/**
 * Encrypts with AES-256-GCM under the current key of this purpose: `v1.<key id>.<base64url of nonce, text, tag>`.
 *
 * @param context What the value belongs to (table, column, row id …). Authenticated, not stored: a value copied
 *   to another place does not open there.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when the ring does not hold its current key.
 */
export function seal(
  ring: KeyRing,
  purpose: string,
  plaintext: string | Uint8Array,
  context: string,
  fillRandom = systemRandom,
): string {
  const key = deriveKey(ring, 'seal', purpose, ring.currentKeyId)
  if (!key) throw new ConfigInvalid('A key ring holds its current key.')
  const nonce = new Uint8Array(NONCE_BYTES)
  fillRandom(nonce)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(createAad(ring.currentKeyId, context))
  const text = typeof plaintext === 'string' ? encodeUtf8(plaintext) : plaintext
  const sealed = concatBytes(nonce, cipher.update(text), cipher.final(), cipher.getAuthTag())
  return `${VERSION}.${ring.currentKeyId}.${encodeBase64Url(sealed)}`
}

/**
 * Opens what `seal` made with the same ring, purpose and context; `null` for everything else, an unknown key id
 * or a changed character included.
 */
export function open(ring: KeyRing, purpose: string, sealed: string, context: string): Bytes | null {
  const parts = split(sealed)
  if (!parts) return null
  const { keyId, body } = parts
  const bytes = decodeCanonical(body)
  if (!bytes || bytes.length < NONCE_BYTES + TAG_BYTES) return null
  const key = deriveKey(ring, 'seal', purpose, keyId)
  return key && decrypt(key, bytes, createAad(keyId, context))
}

/**
 * Under which key a value was sealed, so that a rotation finds what is left to seal again. Nothing is checked: whether
 * the ring has that key, and whether the value is whole, `open` tells.
 *
 * @returns `null` when the text cannot come from `seal`.
 */
export function readKeyId(sealed: string): string | null {
  return split(sealed)?.keyId ?? null
}

interface SealedParts {
  readonly keyId: string
  readonly body: string
}

function split(sealed: string): SealedParts | null {
  const [version, keyId, body, ...rest] = sealed.split('.', 4)
  if (version !== VERSION || keyId === undefined || body === undefined || rest.length > 0) return null
  return KEY_ID.test(keyId) ? { keyId, body } : null
}

/** The version and the key id are in front and unencrypted: authenticated too, they cannot be exchanged. */
function createAad(keyId: string, context: string): Bytes {
  return encodeUtf8(`${VERSION}.${keyId}.${context}`)
}

function decrypt(key: Bytes, bytes: Bytes, additionalData: Bytes): Bytes | null {
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(additionalData)
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    return concatBytes(text, decipher.final())
  } catch {
    return null // the tag does not match: not ours, changed, or from another place
  }
}
