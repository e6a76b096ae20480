import { type Argon2id, chooseArgon2 } from './argon2.ts'
import { isBcrypt, isReadWhole, verifyBcrypt } from './bcrypt.ts'
import { isEqualConstantTime } from './constant-time.ts'
import { ConfigInvalid } from './errors.ts'
import { createHashThread } from './hash-thread.ts'
import { normalizePassword } from './normalize-password.ts'
import { type Argon2Cost, formatPhc, isAffordable, isSameCost, isWeaker, parsePhc } from './phc.ts'
import { systemRandom } from './random.ts'
import { createWorkQueue } from './work-queue.ts'

/** argon2id behind one door, so that a host can bring its own (`@node-rs/argon2`). Both work on NFC text. */
export interface PasswordEngine {
  /** Makes an argon2id PHC string at the cost that is current. */
  hash(password: string): Promise<string>
  /** Checks against any argon2id PHC string, whatever its cost. */
  verify(phc: string, password: string): Promise<boolean>
}

export interface PasswordVerdict {
  readonly ok: boolean
  /**
   * The password is right, was compared to its last byte, and what is stored is weaker than what would be stored today.
   * A longer password than bcrypt reads is never stored: it may be another one than the owner's.
   */
  readonly needsRehash: boolean
  /** With `needsRehash`: the PHC string to store instead. It was made on the way: no second hash is needed. */
  readonly upgrade: string | null
}

/** Hashes and verifies passwords, a few at a time; one per process. */
export interface PasswordHasher {
  /**
   * Makes what is stored.
   *
   * @param account Whose browser asks, where the account knows it: it may wait in a kept place. @default nobody's
   * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when the password is empty or never went through
   *   `normalizePassword`, or the host's engine writes something else than argon2id PHC strings.
   * @throws {Overloaded} `SIGRA_OVERLOADED` when the queue is full.
   */
  hash(password: string, account?: string | null): Promise<string>
  /**
   * Checks a password. Whatever is stored (nothing, argon2id of today, weaker argon2id, bcrypt, nonsense), exactly
   * one argon2id call of current cost is made, so that the time does not tell who has an account.
   *
   * @param phc What is stored, or `null` where there is no such account or no password.
   * @param account As for `hash`.
   * @throws {Overloaded} `SIGRA_OVERLOADED` when the queue is full.
   */
  verify(phc: string | null, password: string, account?: string | null): Promise<PasswordVerdict>
  close(): Promise<void>
  /** How many argon2id calls of current cost were made so far. */
  readonly calls: number
}

export interface PasswordHasherOptions extends Partial<Argon2Cost> {
  /** Instead of Node's argon2 or hash-wasm. The three cost options are then the engine's own business. */
  engine?: PasswordEngine
  /** How many passwords are hashed at a time. @default 2 */
  concurrency?: number
  /** How many more may wait. @default 64 */
  queueLimit?: number
  /** How many of these places are kept for browsers that an account knows; half of them at most. @default 0 */
  keptPlaces?: number
  /** How many of the kept places one account may have. @default 2 */
  keptPlacesPerAccount?: number
  /** @default 19456 */
  memoryKib?: number
  /** @default 2 */
  passes?: number
  /** @default 1 */
  parallelism?: number
}

const SALT_BYTES = 16 // RFC 9106 §3.1
const HASH_BYTES = 32
const STAND_IN = 'no password at all' // hashed in place of what hash-wasm would not take, the empty one included

/** @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when a number is out of range. */
export function createPasswordHasher(options: PasswordHasherOptions = {}): PasswordHasher {
  const { concurrency = 2, queueLimit = 64, memoryKib = 19_456, passes = 2, parallelism = 1 } = options
  const { keptPlaces = 0, keptPlacesPerAccount: perHolder = 2 } = options
  const cost: Argon2Cost = { memoryKib, passes, parallelism } // OWASP Password Storage, argon2id, second row
  checkOptions(cost, concurrency, queueLimit)
  const thread = createHashThread()
  const places = Math.min(keptPlaces, Math.floor(queueLimit / 2))
  const queue = createWorkQueue(concurrency, queueLimit, { places, perHolder })
  const engine = options.engine ?? createEngine(chooseArgon2(thread), cost)
  let current = options.engine ? null : cost // a host's engine shows its cost by what it writes
  let calls = 0

  async function hashNow(password: string): Promise<string> {
    calls++
    const phc = await engine.hash(password)
    current = parsePhc(phc)
    if (!current) throw new ConfigInvalid('A password engine must write argon2id PHC strings.')
    return phc
  }

  async function verifyNow(stored: string | null, password: string): Promise<PasswordVerdict> {
    const phc = stored === null ? null : parsePhc(stored)
    if (stored !== null && phc && isSameCost(phc, current ?? phc)) {
      calls++
      return { ok: await engine.verify(stored, password), needsRehash: false, upgrade: null }
    }
    const isRight = stored !== null && (await verifyOther(stored, password))
    const fresh = await hashNow(password) // the call every branch makes, and the upgrade where one is due
    const needsRehash = isRight && (phc ? isWeaker(phc, current ?? phc) : isReadWhole(password))
    return { ok: isRight, needsRehash, upgrade: needsRehash ? fresh : null }
  }

  async function verifyOther(stored: string, password: string): Promise<boolean> {
    if (isBcrypt(stored)) return verifyBcrypt(thread, stored, password)
    return parsePhc(stored) !== null && engine.verify(stored, password)
  }

  return {
    async hash(password, account = null) {
      const normalized = normalizePassword(password)
      if (!normalized)
        throw new ConfigInvalid('Passwords go through normalizePassword before they are hashed.')
      return queue.run(() => hashNow(normalized), account)
    },
    async verify(phc, password, account = null) {
      const normalized = normalizePassword(password)
      // What cannot be a password is wrong, at the same cost as any other wrong one.
      return queue.run(() => (normalized ? verifyNow(phc, normalized) : verifyNow(null, STAND_IN)), account)
    },
    close: () => thread.close(),
    get calls() {
      return calls
    },
  }
}

function createEngine(argon2id: Argon2id, cost: Argon2Cost): PasswordEngine {
  return {
    async hash(password) {
      const salt = new Uint8Array(SALT_BYTES)
      systemRandom(salt)
      return formatPhc({
        ...cost,
        salt,
        hash: await argon2id({ ...cost, password, salt, hashBytes: HASH_BYTES }),
      })
    },
    async verify(phc, password) {
      const stored = parsePhc(phc)
      if (!stored) return false
      const hash = await argon2id({ ...stored, password, hashBytes: stored.hash.length })
      return isEqualConstantTime(hash, stored.hash)
    },
  }
}

function checkOptions(cost: Argon2Cost, concurrency: number, queueLimit: number): void {
  if (!isAffordable(cost)) throw new ConfigInvalid('The cost of argon2id is out of range.')
  if (!(Number.isInteger(concurrency) && concurrency >= 1)) {
    throw new ConfigInvalid('concurrency must be a whole number of at least 1.')
  }
  if (!(Number.isInteger(queueLimit) && queueLimit >= 0)) {
    throw new ConfigInvalid('queueLimit must be a whole number of at least 0.')
  }
}
