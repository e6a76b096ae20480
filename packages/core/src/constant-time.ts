import { timingSafeEqual } from 'node:crypto'

/** Compares without telling where two byte strings differ. Their lengths are no secret. */
export function isEqualConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
