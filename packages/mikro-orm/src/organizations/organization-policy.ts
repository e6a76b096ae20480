/**
 * How a session can have proven who it is, by RFC 8176 names, as far as an organization may ask for it. A backup code stands in for
 * what is lost, and is nothing to ask for.
 */
export const policyMethods = ['pwd', 'email', 'otp', 'pop', 'user'] as const

export type PolicyMethod = (typeof policyMethods)[number]

/** What somebody has none of that a policy asks for. */
export type PolicyLack = 'second-factor' | 'method'

const MAX_NOTICE_DAYS = 30
const MIN_SESSION_MINUTES = 15
const MAX_SESSION_MINUTES = 30 * 24 * 60

/** What an organization asks of whoever works in it. */
export interface OrganizationPolicy {
  /** In how many days members need two factors; `null`: never. */
  secondFactorInDays: number | null
  /** Of these a session has proven one; `null`: any will do. */
  allowedMethods: readonly PolicyMethod[] | null
  /** After how long members log in again; `null`: when their session ends. */
  maxSessionMinutes: number | null
}

/** Reads a policy that came from outside; `null` for what none is, so that a slip loosens nothing. */
export function parseOrganizationPolicy(typed: {
  secondFactorInDays: unknown
  allowedMethods: unknown
  maxSessionMinutes: unknown
}): OrganizationPolicy | null {
  const secondFactorInDays = parseCount(typed.secondFactorInDays, 0, MAX_NOTICE_DAYS)
  const maxSessionMinutes = parseCount(typed.maxSessionMinutes, MIN_SESSION_MINUTES, MAX_SESSION_MINUTES)
  const allowedMethods = parseMethods(typed.allowedMethods)
  if (secondFactorInDays === undefined || maxSessionMinutes === undefined || allowedMethods === undefined)
    return null
  return { secondFactorInDays, allowedMethods, maxSessionMinutes }
}

function parseCount(value: unknown, from: number, to: number): number | null | undefined {
  if (value === null) return null
  const isOne = typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to
  return isOne ? value : undefined
}

function parseMethods(value: unknown): readonly PolicyMethod[] | null | undefined {
  if (value === null) return null
  if (!Array.isArray(value) || value.length === 0) return undefined
  return value.every(isPolicyMethod) ? policyMethods.filter((method) => value.includes(method)) : undefined
}

export function isPolicyMethod(value: unknown): value is PolicyMethod {
  return policyMethods.some((method) => method === value)
}
