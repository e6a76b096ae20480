import { encodeUtf8 } from './bytes.ts'
import type { HashThread } from './hash-thread.ts'

const FORMAT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/ // not $2x$: its hashes come from a broken implementation
const MIN_COST = 4
const MAX_COST = 14 // some two seconds here; more would let one row hold up every sign-in
const BYTES_READ = 72

/** Whether a stored hash is bcrypt at a cost we are ready to pay. */
export function isBcrypt(stored: string): boolean {
  const cost = Number(FORMAT.exec(stored)?.[1])
  return cost >= MIN_COST && cost <= MAX_COST
}

/**
 * Whether bcrypt reads all of a password, and not only how it begins. One of just the bytes that it reads may be how
 * the real one begins.
 */
export function isReadWhole(password: string): boolean {
  return encodeUtf8(password).length < BYTES_READ
}

/**
 * Checks a password against a hash of the system these users came from. bcrypt itself reads only the first 72 bytes:
 * what is longer may be another password than the owner's, and is right all the same.
 */
export async function verifyBcrypt(thread: HashThread, stored: string, password: string): Promise<boolean> {
  const bytes = encodeUtf8(password).slice(0, BYTES_READ) // as the library did that wrote the hash
  // NUL ends a password in C, and the key begins anew behind it: `a` and `a\0a` have one hash.
  return (
    bytes.length > 0 &&
    !bytes.includes(0) &&
    (await thread.run({ kind: 'bcrypt', hash: stored, password: bytes })) === true
  )
}
