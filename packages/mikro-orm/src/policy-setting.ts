import { parseEmail } from '@sigra/core'
import type { Bucket } from './policy.ts'

/** One value of the policy: what applies where the host says nothing, and what a host may say instead. */
export interface Setting<T> {
  readonly isSetting: true
  readonly default: T
  /** For guides and messages: "a whole number of characters from 8 to 64". */
  readonly allowed: string
  /** Whether a host may say so. */
  accepts(value: unknown): boolean
  /** Whether the value means anything at all, however weak. For `dangerouslyWeakPolicy`. */
  means(value: unknown): boolean
}

/** A tree of settings, shaped like the object they are the defaults of. */
export type Settings<T> = {
  readonly [K in keyof T]: [T[K]] extends [readonly unknown[]]
    ? Setting<T[K]>
    : [T[K]] extends [object]
      ? Settings<T[K]>
      : Setting<T[K]>
}

/** How far a host may go. Both ends are allowed. */
export interface Range {
  from?: number
  to?: number
}

const TIMES_THE_TIME = 4
const TIMES_THE_BUCKET = 20
const MAX_DOMAINS = 100

/** Yes or no. */
export function flag(standard: boolean): Setting<boolean> {
  const means = (value: unknown) => typeof value === 'boolean'
  return { isSetting: true, default: standard, allowed: 'true or false', accepts: means, means }
}

/** One of a few words. */
export function choice<T extends string>(standard: T, ...others: readonly T[]): Setting<T> {
  const words = [standard, ...others]
  const means = (value: unknown) => words.some((word) => word === value)
  return { isSetting: true, default: standard, allowed: `one of ${words.join(', ')}`, accepts: means, means }
}

/** Domains as addresses are compared by them: in lower case, letters of other alphabets as `xn--…`. */
export function domainList(): Setting<readonly string[]> {
  const means = (value: unknown) =>
    Array.isArray(value) && value.length <= MAX_DOMAINS && value.every(isDomain)
  return {
    isSetting: true,
    default: [],
    allowed: `a list of at most ${MAX_DOMAINS} domains like example.com, in lower case, or []`,
    accepts: means,
    means,
  }
}

/** So many things. @param unit What is counted: `tries`, `characters`. */
export function count(unit: string, standard: number, { from = 1, to = standard * 4 }: Range = {}) {
  return number(`a whole number of ${unit}`, standard, { from, to }, Number.isInteger)
}

export const milliseconds = time('milliseconds', 100)
export const seconds = time('seconds', 1)
export const minutes = time('minutes', 1)
export const hours = time('hours', 0.25)
export const days = time('days', 0.25)

/** A token bucket. A host may hold twenty times as many, at twenty times the rate, and refill it more slowly. */
export function bucket(capacity: number, perSeconds: number): Settings<Bucket> {
  return {
    capacity: count('requests', capacity, { to: capacity * TIMES_THE_BUCKET }),
    perSeconds: seconds(perSeconds),
  }
}

/** Whether a bucket refills more than twenty times as fast as its default. */
export function refillsTooFast(bucket: Bucket, standard: Bucket): boolean {
  return bucket.capacity * standard.perSeconds > standard.capacity * TIMES_THE_BUCKET * bucket.perSeconds
}

/** The fastest that a bucket may refill: `200 requests in 60 seconds`. */
export function fastestRefill(standard: Bucket): string {
  return `${standard.capacity * TIMES_THE_BUCKET} requests in ${standard.perSeconds} seconds`
}

/** A span of time of at most four times its default, unless written otherwise. */
function time(unit: string, least: number) {
  return (standard: number, { from = least, to = standard * TIMES_THE_TIME }: Range = {}): Setting<number> =>
    number(`a number of ${unit}`, standard, { from, to }, Number.isFinite)
}

function number(
  what: string,
  standard: number,
  { from, to }: Required<Range>,
  isOne: (value: unknown) => boolean,
): Setting<number> {
  // Zero means something only where it is written; elsewhere it would switch a control off by accident.
  const means = (value: unknown) =>
    typeof value === 'number' && isOne(value) && (value > 0 || (value === 0 && from === 0))
  return {
    isSetting: true,
    default: standard,
    allowed: `${what} from ${from} to ${to}`,
    accepts: (value) => typeof value === 'number' && means(value) && value >= from && value <= to,
    means,
  }
}

function isDomain(value: unknown): boolean {
  return typeof value === 'string' && parseEmail(`any@${value}`)?.canonical === `any@${value}`
}
