import { createHmac } from 'node:crypto'
import type { Bytes } from './bytes.ts'
import { isEqualConstantTime } from './constant-time.ts'
import { ConfigInvalid } from './errors.ts'
import { systemRandom } from './random.ts'
import { parseSixDigits } from './six-digits.ts'

export type TotpResult =
  { readonly ok: true; readonly step: number } | { readonly ok: false; readonly reason: TotpRefusal }

/** `malformed` is no six digits at all, `already-used` a right code whose step, or a later one, was used before. */
export type TotpRefusal = 'wrong' | 'already-used' | 'malformed'

export interface TotpOptions {
  /** How many steps of 30 seconds early or late a code may be. More would be a longer life for a code seen over a
   *  shoulder (RFC 6238 §5.2), so there is no more. @default 1 */
  windowSteps?: 0 | 1
}

const SECRET_BYTES = 20 // RFC 4226 §4, R6 recommends 160 bits
const MIN_SECRET_BYTES = 16 // and requires 128
const STEP_MILLISECONDS = 30_000
const DIGITS = 6

/** Makes the secret that an authenticator app and the app share: 160 bits. Tests pass their own `fillRandom`. */
export function createTotpSecret(fillRandom = systemRandom): Bytes {
  const secret = new Uint8Array(SECRET_BYTES)
  fillRandom(secret)
  return secret
}

/**
 * Checks a six-digit code against the current 30-second step and one either side (RFC 6238 §6).
 * Save the returned `step` and pass it back as `lastStep`: a code works once (RFC 6238 §5.2). Two requests may hold
 * the same `lastStep`, so save it by a statement that demands a smaller one.
 *
 * @param secret Raw shared secret, 16 bytes or more (RFC 4226 §4, R6).
 * @param code As typed: blanks and dashes between the digits are nothing.
 * @param lastStep Step of this user's last success, or `null`.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when the secret is shorter than 16 bytes, `now` is no instant since
 *   1970, or the window is not 0 or 1.
 */
export function checkTotp(
  secret: Uint8Array,
  code: unknown,
  now: Date,
  lastStep: number | null,
  { windowSteps = 1 }: TotpOptions = {},
): TotpResult {
  requireLongSecret(secret)
  const steps = acceptedSteps(now, windowSteps)
  const digits = parseSixDigits(code)
  if (digits === null) return { ok: false, reason: 'malformed' }
  const typed = Buffer.from(digits)
  // Every step is computed and compared, whichever matches. Of two with the same digits the later counts: were it the
  // earlier one, the same digits would be good a second time.
  const step = steps.reduce((found, candidate) => {
    const matches = isEqualConstantTime(typed, Buffer.from(createTotpCode(secret, candidate)))
    return matches ? candidate : found
  }, -1)
  if (step < 0) return { ok: false, reason: 'wrong' }
  return lastStep !== null && step <= lastStep ? { ok: false, reason: 'already-used' } : { ok: true, step }
}

/**
 * The six digits an authenticator app shows during a step (RFC 4226 §5.3 with SHA-1, the one algorithm every app knows).
 *
 * @param step How many times 30 seconds since 1970, see `totpStep`.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when the secret is shorter than 16 bytes.
 */
export function createTotpCode(secret: Uint8Array, step: number): string {
  requireLongSecret(secret)
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = mac.readUInt8(mac.length - 1) & 0x0f
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff
  return (number % 10 ** DIGITS).toString().padStart(DIGITS, '0')
}

/**
 * The step of 30 seconds an instant lies in (RFC 6238 §4.2).
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `now` is no instant since 1970.
 */
export function totpStep(now: Date): number {
  const step = Math.floor(now.getTime() / STEP_MILLISECONDS)
  if (!(step >= 0)) throw new ConfigInvalid('A TOTP step needs an instant since 1970.')
  return step
}

function requireLongSecret(secret: Uint8Array): void {
  if (secret.length >= MIN_SECRET_BYTES) return
  throw new ConfigInvalid(`A TOTP secret holds ${MIN_SECRET_BYTES} bytes or more.`)
}

/** From the earliest to the latest. */
function acceptedSteps(now: Date, windowSteps: number): readonly number[] {
  if (windowSteps !== 0 && windowSteps !== 1) throw new ConfigInvalid('windowSteps must be 0 or 1.')
  const current = totpStep(now)
  return Array.from({ length: 2 * windowSteps + 1 }, (_, index) => current - windowSteps + index).filter(
    (step) => step >= 0,
  )
}
