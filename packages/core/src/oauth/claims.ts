import { parseEmail } from '../email.ts'
import type { ProviderProfile } from './provider.ts'
import { AnswerInvalid } from './provider-failure.ts'

export type Claims = Readonly<Record<string, unknown>>

/** What a provider says about an address, by its own rule. */
export interface AddressTrust {
  isVerified: boolean
  isAuthoritative: boolean
}

/** @param domain Of the address, in lower case. */
export type TrustRule = (claims: Claims, domain: string) => AddressTrust

const MAX_SUBJECT_LENGTH = 255 // OpenID Connect Core, section 2
const CLOCK_SECONDS = 300
const MAX_NAME_LENGTH = 200
const MAX_METHODS = 20
const MAX_METHOD_LENGTH = 64

/**
 * What the library leaves to us: a subject of ordinary length, a young token, and no other app's. Whom a userinfo answer
 * names it has compared.
 *
 * @throws {AnswerInvalid}
 */
export function checkIdToken(claims: Claims, expected: { clientId: string; now: Date }): void {
  const { sub, iat, azp } = claims
  if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT_LENGTH || sub.includes('\0'))
    throw new AnswerInvalid('SUBJECT')
  const age = typeof iat === 'number' ? Math.abs(expected.now.getTime() / 1000 - iat) : Number.NaN
  if (!(age <= CLOCK_SECONDS)) throw new AnswerInvalid('ISSUED_AT')
  if (azp !== undefined && azp !== expected.clientId) throw new AnswerInvalid('AUTHORIZED_PARTY')
}

/**
 * A profile of checked claims. How somebody proved who they are is read from the id token alone: nobody signed the other.
 *
 * @param claims Of the id token.
 * @param more Of the userinfo endpoint, where it was asked.
 */
export function readProfile(
  claims: Claims,
  more: Claims,
  trustOf: TrustRule,
): { profile: ProviderProfile; isAuthoritative: boolean } {
  const said = claims['email'] === undefined ? more : claims // an address, and what is said of it, come from one hand
  const email = parseEmail(said['email'])
  const domain = email === null ? '' : email.canonical.slice(email.canonical.lastIndexOf('@') + 1)
  const trust = email === null ? NONE : trustOf(said, domain)
  const { iss, sub, amr, acr, auth_time: authTime } = claims
  return {
    profile: {
      issuer: textOf(iss) ?? '',
      subject: textOf(sub) ?? '',
      email: email?.typed ?? null,
      emailVerified: trust.isVerified,
      name: (textOf(claims['name']) ?? textOf(more['name']))?.slice(0, MAX_NAME_LENGTH) ?? null,
      amr: Array.isArray(amr) ? amr.filter(isMethod).slice(0, MAX_METHODS) : [],
      acr: isMethod(acr) ? acr : null,
      authTime: typeof authTime === 'number' ? new Date(authTime * 1000) : null,
    },
    isAuthoritative: trust.isVerified && trust.isAuthoritative,
  }
}

const NONE: AddressTrust = { isVerified: false, isAuthoritative: false }

function isMethod(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_METHOD_LENGTH
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
