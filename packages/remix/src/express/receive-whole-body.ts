import type { IncomingMessage } from 'node:http'
import type { BodyLimit, BodyRefusal } from '../body/body-limit.ts'

/**
 * Takes the body of a Node request as a whole and puts it back: whoever reads the request next finds all of it, at once.
 *
 * @returns Why it was not taken, or `null`.
 */
export async function receiveWholeBody(
  req: IncomingMessage,
  { maxBytes, seconds }: BodyLimit,
): Promise<BodyRefusal | null> {
  if (!hasBody(req)) return null
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) return 'too-large'
  const { promise, resolve } = Promise.withResolvers<BodyRefusal | null>()
  const chunks: Uint8Array[] = []
  let length = 0
  const take = () => {
    // Exactly what is there: one more call would end the stream, and nothing could be put back.
    while (req.readableLength > 0 && length <= maxBytes) {
      const chunk: unknown = req.read(req.readableLength)
      if (!(chunk instanceof Uint8Array)) break
      length += chunk.byteLength
      chunks.push(chunk)
    }
    if (length > maxBytes) return settle('too-large')
    if (req.complete) settle(null)
  }
  const leave = () => settle('broken')
  const timer = seconds === null ? undefined : setTimeout(() => settle('too-slow'), seconds * 1000)
  const settle = (refusal: BodyRefusal | null) => {
    clearTimeout(timer)
    req.off('readable', take).off('close', leave).off('error', leave)
    if (refusal === null && length > 0) req.unshift(Buffer.concat(chunks))
    resolve(refusal)
  }
  req.on('close', leave).on('error', leave)
  // What is here already is taken first: a listener on a stream that is empty and complete would end it.
  take()
  if (!req.complete) req.on('readable', take)
  return promise
}

/** RFC 9112 §6.3: a request without either header has none. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
