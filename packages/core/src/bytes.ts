/** Plain bytes in memory of their own (never shared, never a slice of Node's pool). */
export type Bytes = Uint8Array<ArrayBuffer>

/** UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Bytes {
  return new Uint8Array(encoder.encode(text))
}

/** Joins byte strings. Where a MAC is made of the result, all parts but one have a fixed length. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

const encoder = new TextEncoder()
