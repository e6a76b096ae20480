import { encodeBase32 } from './base32.ts'
import { ConfigInvalid } from './errors.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { systemRandom } from './random.ts'

/** A code its owner keeps for the day the other second factor is lost. Shown once; only its hash is stored. */
export interface BackupCode {
  /** As it is shown: `7k2m-9xqa-4hcw-zt3e`. */
  readonly text: string
  /**
   * The first two characters, stored in the open: they pick the one row whose hash is then checked, so that ten codes
   * cost one argon2id call. 10 of the 80 bits are known to who reads the database; 70 stay behind argon2id.
   */
  readonly lookupPrefix: string
  /** The other fourteen characters: what is hashed. */
  readonly secret: string
}

// Crockford's: no i, l, o or u, so that nothing on paper looks like something else and no code is a rude word.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const CODE_COUNT = 10
const MAX_COUNT = 100
const CODE_BYTES = 10 // 80 bits: contract §2
const PREFIX_LENGTH = 2
const MAX_DRAWS = 1000 // ten different prefixes of 1,024 take hardly more than ten draws
const GROUP = /.{4}(?=.)/g
const MAX_TYPED_LENGTH = 64

/**
 * Makes ten codes of 80 bits, no two of which begin alike. Tests pass their own `fillRandom`.
 *
 * @param count Up to 100.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `fillRandom` repeats itself, or for a number out of range.
 */
export function createBackupCodes(fillRandom = systemRandom, count = CODE_COUNT): readonly BackupCode[] {
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
    throw new ConfigInvalid(`There can be 1 to ${MAX_COUNT} backup codes.`)
  }
  const codes = new Map<string, BackupCode>()
  for (let draws = 0; codes.size < count; draws++) {
    if (draws === MAX_DRAWS) throw new ConfigInvalid('fillRandom repeats itself.')
    const bytes = new Uint8Array(CODE_BYTES)
    fillRandom(bytes)
    const code = split(encodeBase32(bytes, ALPHABET))
    // A second code with this prefix would be a second hash to check: it takes the place of the first.
    codes.set(code.lookupPrefix, code)
  }
  return [...codes.values()]
}

/**
 * Reads a code as people type it: upper or lower case, blanks and dashes anywhere, `o` for `0`, `i` or `l` for `1`.
 * `null` for anything that is no code, whatever its type or length.
 */
export function parseBackupCode(value: unknown): BackupCode | null {
  if (typeof value !== 'string' || value.length > MAX_TYPED_LENGTH) return null
  const typed = value.replaceAll(/[\s\p{Pd}]/gu, '')
  if (!/^[0-9A-Za-z]{16}$/.test(typed)) return null // before lower case: K (U+212A) would become a k
  const characters = typed.toLowerCase().replaceAll('o', '0').replaceAll(/[il]/g, '1')
  return characters.includes('u') ? null : split(characters)
}

/**
 * Makes what is stored beside the prefix. Hash ten codes one after the other: all at once they would take the places
 * in the queue in which sign-ins wait.
 *
 * @param account Whose browser asks, where the account knows it. @default nobody's
 * @throws {Overloaded} `SIGRA_OVERLOADED` when the queue is full.
 */
export function hashBackupCode(
  hasher: PasswordHasher,
  code: BackupCode,
  account: string | null = null,
): Promise<string> {
  return hasher.hash(code.secret, account)
}

/**
 * Checks a code against the one unused row of this user that has its prefix. Exactly one argon2id call, also when there
 * is no such row, so that the time does not tell which prefixes exist.
 *
 * @param codeHash What `hashBackupCode` made, or `null` when no row has that prefix.
 * @param account Whose browser asks, where the account knows it. @default nobody's
 * @throws {Overloaded} `SIGRA_OVERLOADED` when the queue is full.
 */
export async function checkBackupCode(
  hasher: PasswordHasher,
  code: BackupCode,
  codeHash: string | null,
  account: string | null = null,
): Promise<boolean> {
  return (await hasher.verify(codeHash, code.secret, account)).ok
}

function split(characters: string): BackupCode {
  return {
    text: characters.replaceAll(GROUP, '$&-'),
    lookupPrefix: characters.slice(0, PREFIX_LENGTH),
    secret: characters.slice(PREFIX_LENGTH),
  }
}
