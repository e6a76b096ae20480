import { createHmac } from 'node:crypto'
import type { Bytes } from './bytes.ts'

/** HMAC-SHA-256 (RFC 2104, RFC 4231); text is taken as UTF-8. */
export function hmacSha256(key: Uint8Array, data: string | Uint8Array): Bytes {
  return new Uint8Array(createHmac('sha256', key).update(data).digest())
}
