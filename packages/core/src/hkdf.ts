import { hkdfSync } from 'node:crypto'
import type { Bytes } from './bytes.ts'

/** HKDF-SHA-256 (RFC 5869): any number of independent keys from one, told apart by `info`. */
export function hkdfSha256(
  key: Uint8Array,
  salt: string | Uint8Array,
  info: string | Uint8Array,
  lengthBytes: number,
): Bytes {
  return new Uint8Array(hkdfSync('sha256', key, salt, info, lengthBytes))
}
