import { decodeCanonical, encodeBase64Url } from '../base64url.ts'
import type { Brand } from '../brand.ts'
import { type Bytes, concatBytes, encodeUtf8 } from '../bytes.ts'
import { isEqualConstantTime } from '../constant-time.ts'
import { ConfigInvalid } from '../errors.ts'
import { sha256 } from '../hash.ts'
import { createMac, type KeyRing } from '../key-ring.ts'
import { type FillRandom, systemRandom } from '../random.ts'

/** What a ceremony is for. It is part of the key, so a challenge of one kind is nothing in another's place. */
export type ChallengePurpose = 'sign-in' | 'enrol' | 'second-factor' | 'sudo'

/** Whom a challenge was made for. It works for nobody else. */
export interface ChallengeBinding {
  purpose: ChallengePurpose
  /** The hash of this browser's token. */
  browserHash: Uint8Array
  /** `null` for `sign-in`, where nobody is known yet, and there alone. */
  userId: string | null
}

/** What a page gives to the browser. Nothing is stored for it: page views write nothing, tabs do not disturb each other. */
export type PasskeyChallenge = Brand<string, 'PasskeyChallenge'>

/** What makes a challenge work once: insert `hash` where it is unique, in the transaction that believes the ceremony. */
export interface SpentChallenge {
  readonly hash: Bytes
  /** From here on the challenge is refused. Keep the row a little longer: an answer checked before may still be on its way. */
  readonly expiresAt: Date
}

export type ChallengeResult =
  | { readonly ok: true; readonly spent: SpentChallenge }
  | { readonly ok: false; readonly reason: ChallengeRefusal }

/** `challenge-invalid`: not ours, changed, or of another purpose, browser or user. */
export type ChallengeRefusal = 'challenge-invalid' | 'challenge-expired'

/** How long a challenge works by default. The page asks for another before that. */
export const CHALLENGE_LIFE_SECONDS = 300

export interface ChallengeOptions {
  /** @default 300 */
  lifeSeconds?: number
  /** @default the system's */
  fillRandom?: FillRandom
}

const RANDOM_BYTES = 16 // https://www.w3.org/TR/webauthn-3/#sctn-cryptographic-challenges asks for 16
const EXPIRY_BYTES = 6 // milliseconds since 1970
const PURPOSE_BYTES = 1
const MAC_BYTES = 32
const TAIL_BYTES = RANDOM_BYTES + EXPIRY_BYTES + PURPOSE_BYTES + MAC_BYTES
const MAX_KEY_ID_BYTES = 16
const MAX_TEXT_LENGTH = Math.ceil(((MAX_KEY_ID_BYTES + TAIL_BYTES) * 4) / 3)
const PURPOSES: readonly ChallengePurpose[] = ['sign-in', 'enrol', 'second-factor', 'sudo']
const NO_USER = new Uint8Array(32)

/**
 * Makes `base64url(key id ‖ random ‖ expiry ‖ purpose ‖ MAC)`; the MAC also covers the browser and the user.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `userId` is missing where the user is known, or given for `sign-in`.
 */
export function createChallenge(
  ring: KeyRing,
  binding: ChallengeBinding,
  now: Date,
  { lifeSeconds = CHALLENGE_LIFE_SECONDS, fillRandom = systemRandom }: ChallengeOptions = {},
): PasskeyChallenge {
  requireUserWhereKnown(binding)
  const random = new Uint8Array(RANDOM_BYTES)
  fillRandom(random)
  const expiry = Buffer.alloc(EXPIRY_BYTES)
  expiry.writeUIntBE(now.getTime() + Math.round(lifeSeconds * 1000), 0, EXPIRY_BYTES)
  const purpose = Uint8Array.of(PURPOSES.indexOf(binding.purpose))
  const head = concatBytes(encodeUtf8(ring.currentKeyId), random, expiry, purpose)
  const mac = createChallengeMac(ring, binding, head, ring.currentKeyId)
  if (!mac) throw new ConfigInvalid('A key ring holds its current key.')
  return encodeBase64Url(concatBytes(head, mac)) as PasskeyChallenge
}

/**
 * Checks what came back in the client data. Whether it was used before only the database can tell: see `SpentChallenge`.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` as `createChallenge` does.
 */
export function checkChallenge(
  ring: KeyRing,
  challenge: unknown,
  binding: ChallengeBinding,
  now: Date,
): ChallengeResult {
  requireUserWhereKnown(binding)
  const bytes = decodeChallenge(challenge)
  const keyIdLength = (bytes?.length ?? 0) - TAIL_BYTES
  if (!bytes || keyIdLength < 1) return { ok: false, reason: 'challenge-invalid' }
  const keyId = Buffer.from(bytes.subarray(0, keyIdLength)).toString('latin1')
  const head = bytes.subarray(0, -MAC_BYTES)
  const mac = createChallengeMac(ring, binding, head, keyId)
  if (
    !mac ||
    !isEqualConstantTime(mac, bytes.subarray(-MAC_BYTES)) ||
    readPurpose(head) !== binding.purpose
  ) {
    return { ok: false, reason: 'challenge-invalid' }
  }
  const expiresAt = new Date(Buffer.from(head).readUIntBE(keyIdLength + RANDOM_BYTES, EXPIRY_BYTES))
  if (expiresAt <= now) return { ok: false, reason: 'challenge-expired' }
  return { ok: true, spent: { hash: sha256(bytes), expiresAt } }
}

function createChallengeMac(
  ring: KeyRing,
  binding: ChallengeBinding,
  head: Bytes,
  keyId: string,
): Bytes | null {
  const user = binding.userId === null ? NO_USER : sha256(binding.userId)
  const data = concatBytes(head, sha256(binding.browserHash), user) // all but the key id at the front has one length
  return createMac(ring, `passkey-challenge/${binding.purpose}`, data, keyId)
}

function decodeChallenge(challenge: unknown): Bytes | null {
  if (typeof challenge !== 'string' || challenge.length > MAX_TEXT_LENGTH) return null
  return decodeCanonical(challenge) // one spelling: two would be two hashes of one challenge
}

function readPurpose(head: Bytes): ChallengePurpose | undefined {
  return PURPOSES[head.at(-1) ?? -1]
}

function requireUserWhereKnown({ purpose, userId }: ChallengeBinding): void {
  if ((purpose === 'sign-in') === (userId === null)) return
  throw new ConfigInvalid('A challenge names its user, and for sign-in none.')
}
