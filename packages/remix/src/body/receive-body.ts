import type { Bytes } from '@sigra/core'
import type { BodyLimit, BodyRefusal } from './body-limit.ts'

/**
 * Takes a body as a whole, counted and timed while it arrives: what a client says about its length is believed only where
 * it says too much.
 */
export async function receiveBody(
  { body, headers }: Pick<Request, 'body' | 'headers'>,
  { maxBytes, seconds }: BodyLimit,
): Promise<Bytes | BodyRefusal> {
  if (body === null) return new Uint8Array()
  if (Number(headers.get('content-length') ?? 0) > maxBytes) return 'too-large'
  const reader = body.getReader()
  const late = Promise.withResolvers<'too-slow'>()
  const timer = seconds === null ? undefined : setTimeout(() => late.resolve('too-slow'), seconds * 1000)
  try {
    return await Promise.race([readAll(reader, maxBytes), late.promise])
  } finally {
    clearTimeout(timer)
    // Not cancelled: that would close the connection before our answer has left.
    reader.releaseLock()
  }
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<Bytes | 'too-large' | 'broken'> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.byteLength
      if (length > maxBytes) return 'too-large'
      chunks.push(next.value)
    }
  } catch {
    return 'broken'
  }
  return joined(chunks, length)
}

function joined(chunks: readonly Uint8Array[], length: number): Bytes {
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}
