import type { Bytes } from '@sigra/core'

/** Bytes as PostgreSQL writes them, for parameters that travel as JSON: cast it with `::bytea`. */
export function asBytea(bytes: Bytes): string {
  return `\\x${Buffer.from(bytes).toString('hex')}`
}
