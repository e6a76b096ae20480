import { hash } from 'node:crypto'
import type { BreachCheck } from './breach-check.ts'
import { containsWord, isCommonPassword } from './common-password.ts'
import { countCodePoints, isReadablePassword, isTooLong } from './normalize-password.ts'

export interface PasswordPolicy {
  /** In code points. */
  readonly minLength: number
  /** In code points; nothing above 256 is ever hashed. */
  readonly maxLength: number
  /** `null` asks nobody: the offline list decides alone. */
  readonly breachCheck: BreachCheck | null
}

/** The first rule a new password breaks; `unreadable` is NUL, a lone surrogate or no text at all. */
export type PasswordProblem =
  'too-short' | 'too-long' | 'too-common' | 'contains-own-words' | 'breached' | 'unreadable'

export type PasswordCheck =
  { ok: true; password: string; breachCheckUnavailable: boolean } | { ok: false; problem: PasswordProblem }

const SHORTEST_OWN_WORD = 4 // "tom" stands in "bottom" and "customer"

// Words of addresses that belong to nobody.
const NOBODYS_WORDS = new Set([
  'mail',
  'email',
  'info',
  'name',
  'online',
  'shop',
  'site',
  'store',
  'tech',
  'user',
])

/**
 * Checks a password that someone chooses (NIST SP 800-63B-4 §3.1.1.2): length, the offline list, own words, then
 * the breach query. No rule about what characters it is composed of.
 *
 * @param ownWords App name, words of the domain, the e-mail's local part, a name: whatever an attacker of this
 *   account would try. Each is split at what is no letter or digit; parts below four characters are left alone.
 * @returns The password in the form to hash (NFC). `breachCheckUnavailable`: accepted without the breach query's
 *   answer, to be audited.
 */
export async function checkPassword(
  password: unknown,
  policy: PasswordPolicy,
  ownWords: readonly string[],
): Promise<PasswordCheck> {
  if (!isReadablePassword(password)) return { ok: false, problem: 'unreadable' }
  if (isTooLong(password)) return { ok: false, problem: 'too-long' }
  const normalized = password.normalize('NFC')
  const problem = findProblem(normalized, policy, ownWords)
  if (problem) return { ok: false, problem }
  const answer = await askBreachCheck(normalized, policy.breachCheck)
  if (answer === 'breached') return { ok: false, problem: 'breached' }
  return { ok: true, password: normalized, breachCheckUnavailable: answer === 'unavailable' }
}

function findProblem(
  password: string,
  policy: PasswordPolicy,
  ownWords: readonly string[],
): PasswordProblem | null {
  const length = countCodePoints(password)
  if (length < policy.minLength) return 'too-short'
  if (length > policy.maxLength) return 'too-long'
  if (isCommonPassword(password)) return 'too-common'
  return splitWords(ownWords).some((word) => containsWord(password, word)) ? 'contains-own-words' : null
}

function splitWords(ownWords: readonly string[]): string[] {
  return ownWords
    .flatMap((words) => words.normalize('NFC').split(/[^\p{L}\p{N}]+/u))
    .filter((word) => countCodePoints(word) >= SHORTEST_OWN_WORD && !NOBODYS_WORDS.has(word.toLowerCase()))
}

async function askBreachCheck(password: string, breachCheck: BreachCheck | null): ReturnType<BreachCheck> {
  if (!breachCheck) return 'clean'
  try {
    return await breachCheck(hash('sha1', password, 'hex').toUpperCase())
  } catch {
    return 'unavailable' // a host's own check may throw; the offline list has already decided
  }
}
