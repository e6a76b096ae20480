import type { Bytes } from '@sigra/core'

/**
 * Reads a body up to a limit, counted while it arrives: what a client says about its length is not believed.
 *
 * @returns `null` when it is longer; the rest is not read.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Bytes | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength
    if (length > maxBytes) return null // leaving the loop cancels the stream
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}
