import type { Bytes } from './bytes.ts'

/** What one argon2id call costs (RFC 9106 §3.1). */
export interface Argon2Cost {
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
}

/** A stored argon2id hash, read from `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export interface Phc extends Argon2Cost {
  readonly salt: Bytes
  readonly hash: Bytes
}

// A row that someone tampered with may cost some two seconds of one core, not the machine.
const MAX_MEMORY_KIB = 262_144
const MAX_PASSES = 32
const MAX_PARALLELISM = 16
const MAX_MEMORY_TIMES_PASSES = 1_048_576
const FORMAT =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d?),p=([1-9]\d?)\$([\w+/]{11,86})\$([\w+/]{22,86})$/

/** Reads a stored hash; `null` for another scheme, another spelling, or a cost beyond what we are ready to pay. */
export function parsePhc(text: string): Phc | null {
  const [, memory, passes, parallelism, salt, hash] = FORMAT.exec(text) ?? []
  if (salt === undefined || hash === undefined) return null
  const cost = { memoryKib: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const saltBytes = decodeBase64(salt)
  const hashBytes = decodeBase64(hash)
  if (!isAffordable(cost) || !saltBytes || !hashBytes) return null
  return { ...cost, salt: saltBytes, hash: hashBytes }
}

/** The spelling all argon2id libraries share. */
export function formatPhc({ memoryKib, passes, parallelism, salt, hash }: Phc): string {
  const cost = `m=${memoryKib},t=${passes},p=${parallelism}`
  return `$argon2id$v=19$${cost}$${encodeBase64(salt)}$${encodeBase64(hash)}`
}

/** Whether argon2id accepts this cost and we are ready to pay it. */
export function isAffordable({ memoryKib, passes, parallelism }: Argon2Cost): boolean {
  return (
    isWithin(parallelism, 1, MAX_PARALLELISM) &&
    isWithin(memoryKib, 8 * parallelism, MAX_MEMORY_KIB) &&
    isWithin(passes, 1, MAX_PASSES) &&
    memoryKib * passes <= MAX_MEMORY_TIMES_PASSES
  )
}

export function isSameCost(a: Argon2Cost, b: Argon2Cost): boolean {
  return a.memoryKib === b.memoryKib && a.passes === b.passes && a.parallelism === b.parallelism
}

/** Whether a hash at cost `a` is easier to guess than one at cost `b`. */
export function isWeaker(a: Argon2Cost, b: Argon2Cost): boolean {
  return a.memoryKib < b.memoryKib || a.memoryKib * a.passes < b.memoryKib * b.passes
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

function encodeBase64(bytes: Bytes): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

function decodeBase64(text: string): Bytes | null {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'))
  return encodeBase64(bytes) === text ? bytes : null
}
