import { decodeCanonical, encodeBase64Url } from './base64url.ts'
import type { Bytes } from './bytes.ts'
import { isEqualConstantTime } from './constant-time.ts'
import { ConfigInvalid } from './errors.ts'
import { hkdfSha256 } from './hkdf.ts'
import { hmacSha256 } from './hmac.ts'
import { systemRandom } from './random.ts'
import { isSampleSecret } from './sample-secret.ts'

/**
 * The root secrets of an app. The first key signs and encrypts, every listed one verifies and opens.
 * The material itself is in no property: a ring can be logged, spread or inspected without giving it away.
 */
export interface KeyRing {
  readonly currentKeyId: string
  readonly keyIds: readonly string[]
}

/** What a derived key is for. MAC and encryption never share one, whatever their purpose is called. */
export type KeyUse = 'mac' | 'seal'

export interface ParseKeyRingOptions {
  /** Also refuses secrets that look like samples. @default false */
  production?: boolean
}

/** How a key may be called: it stands in front of sealed values and inside of mailed links. */
export const KEY_ID = /^[A-Za-z0-9_-]{1,16}$/

const KEY_BYTES = 32 // HMAC-SHA-256 and AES-256 want 32; RFC 5869 asks for as much going in
const MAX_KEY_BYTES = 64
const MAX_KEYS = 8
const WANTED = 'SIGRA_SECRETS must look like "k1:<43 base64url characters>", further keys after a comma'

/**
 * Reads `kid:base64url,kid2:base64url`.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when it is malformed, when a key is shorter than 32 bytes,
 *   when an id or a key appears twice, or (production) when a key looks like a sample. Never quotes a key.
 */
export function parseKeyRing(text: string, options: ParseKeyRingOptions = {}): KeyRing {
  const entries = text.split(',').map((entry) => parseEntry(entry.trim()))
  refuseRepeats(entries)
  if (options.production) entries.forEach(refuseSample)
  const [current] = entries
  if (current === undefined) throw new ConfigInvalid(`${WANTED}.`)
  const ring: KeyRing = Object.freeze({
    currentKeyId: current.keyId,
    keyIds: Object.freeze(entries.map((entry) => entry.keyId)),
  })
  materials.set(ring, {
    roots: new Map(entries.map((entry) => [entry.keyId, entry.key])),
    derived: new Map(),
  })
  return ring
}

/** A fresh value for `SIGRA_SECRETS` with one key, `k1`. */
export function createRootSecret(fillRandom = systemRandom): string {
  const key = new Uint8Array(KEY_BYTES)
  fillRandom(key)
  return `k1:${encodeBase64Url(key)}`
}

/**
 * HMAC-SHA-256 under the key of this purpose; a MAC of one purpose is nothing to another.
 *
 * @param keyId Which listed key; the current one by default.
 * @returns `null` when the ring has no such key.
 */
export function createMac(ring: KeyRing, purpose: string, data: string | Uint8Array): Bytes
export function createMac(
  ring: KeyRing,
  purpose: string,
  data: string | Uint8Array,
  keyId: string,
): Bytes | null
export function createMac(
  ring: KeyRing,
  purpose: string,
  data: string | Uint8Array,
  keyId: string = ring.currentKeyId,
): Bytes | null {
  const key = deriveKey(ring, 'mac', purpose, keyId)
  return key && hmacSha256(key, data)
}

/**
 * HKDF-SHA-256 (RFC 5869) of a root key: one label for each use and purpose, remembered for the ring's life.
 *
 * @returns `null` when the ring has no such key.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `ring` was not made by `parseKeyRing`.
 */
export function deriveKey(ring: KeyRing, use: KeyUse, purpose: string, keyId: string): Bytes | null {
  const material = materials.get(ring)
  if (!material) throw new ConfigInvalid('A key ring comes from parseKeyRing.')
  const root = material.roots.get(keyId)
  if (!root) return null
  const label = `sigra/v1/${use}/${purpose}`
  const known = material.derived.get(`${keyId}/${label}`)
  if (known) return known
  const key = hkdfSha256(root, '', label, KEY_BYTES)
  material.derived.set(`${keyId}/${label}`, key)
  return key
}

interface Material {
  readonly roots: ReadonlyMap<string, Bytes>
  readonly derived: Map<string, Bytes>
}

interface Entry {
  readonly keyId: string
  readonly key: Bytes
}

// One process may load this module twice (Node for the server file, Vite for the app): both must read a ring.
const MATERIALS: unique symbol = Symbol.for('@sigra/core/key-ring/1')
const shared: typeof globalThis & { [MATERIALS]?: WeakMap<KeyRing, Material> } = globalThis
const materials = (shared[MATERIALS] ??= new WeakMap())

function parseEntry(entry: string): Entry {
  const colon = entry.indexOf(':')
  const keyId = entry.slice(0, Math.max(colon, 0))
  if (!KEY_ID.test(keyId)) throw new ConfigInvalid(`${WANTED}; an id is 1–16 letters, digits, "-" or "_".`)
  const key = decodeCanonical(entry.slice(colon + 1))
  if (!key) throw new ConfigInvalid(`Key "${keyId}" in SIGRA_SECRETS is not base64url without padding.`)
  if (key.length < KEY_BYTES || key.length > MAX_KEY_BYTES) {
    throw new ConfigInvalid(
      `Key "${keyId}" in SIGRA_SECRETS must be ${KEY_BYTES}–${MAX_KEY_BYTES} random bytes.`,
    )
  }
  return { keyId, key }
}

function refuseRepeats(entries: readonly Entry[]): void {
  if (entries.length > MAX_KEYS) throw new ConfigInvalid(`SIGRA_SECRETS lists more than ${MAX_KEYS} keys.`)
  entries.forEach((entry, index) => {
    for (const other of entries.slice(0, index)) {
      if (other.keyId === entry.keyId) {
        throw new ConfigInvalid(`SIGRA_SECRETS lists the key id "${entry.keyId}" twice.`)
      }
      if (isEqualConstantTime(other.key, entry.key)) {
        throw new ConfigInvalid(
          `SIGRA_SECRETS has the same secret under "${other.keyId}" and "${entry.keyId}".`,
        )
      }
    }
  })
}

function refuseSample({ keyId, key }: Entry): void {
  if (!isSampleSecret(key)) return
  throw new ConfigInvalid(
    `Key "${keyId}" in SIGRA_SECRETS is a sample or was typed by hand: production needs 32 random bytes.`,
  )
}
