import type { Bytes } from '@sigra/core'

/**
 * Reads a body up to a limit, counted while it arrives: what a client says about its length is not believed.
 *
 * @returns `null` when it is longer; the rest is not read, and the connection is left open for the answer.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Bytes | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Cancelling would close the connection, and the browser would show its own error page instead of our answer.
  for await (const chunk of request.body?.values({ preventCancel: true }) ?? []) {
    length += chunk.byteLength
    if (length > maxBytes) return null
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
