import type { IncomingMessage } from 'node:http'

const MAX_DISCARDED_BYTES = 1_048_576

/**
 * After an answer that came before the whole body: takes what is still on its way and forgets it. A connection closed
 * under a client that is still sending loses the answer. Whoever sends more than a megabyte more is cut off.
 */
export function discardRest(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return
  let discarded = 0
  req.removeAllListeners('data') // nobody wants the body any more
  req.on('data', (chunk: Uint8Array) => {
    discarded += chunk.byteLength
    if (discarded > MAX_DISCARDED_BYTES) req.destroy()
  })
  req.resume()
}
