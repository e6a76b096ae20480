import { hash } from 'node:crypto'
import type { Bytes } from './bytes.ts'

/** SHA-256; text is hashed as UTF-8. */
export function sha256(data: string | Uint8Array): Bytes {
  return new Uint8Array(hash('sha256', data, 'buffer'))
}
