import { createMac, encodeBase64Url } from '@sigra/core'
import type { Runtime } from '../runtime.ts'

/** What the table knows of a limit: an HMAC, so that it tells neither addresses nor names. */
export function limitKey(runtime: Runtime, name: string, subject: string): string {
  const mac = createMac(runtime.ring, 'limit', JSON.stringify([name, subject]))
  if (mac === null) throw new Error('the current key always makes a MAC')
  return encodeBase64Url(mac)
}
