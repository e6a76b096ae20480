import { createMac, encodeBase64Url, Impossible } from '@sigra/core'
import type { Runtime } from '../runtime.ts'

/**
 * What the table knows of a limit: an HMAC, so that it tells neither addresses nor names.
 *
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` when the ring does not hold its current key.
 */
export function limitKey(runtime: Runtime, name: string, subject: string): string {
  const mac = createMac(runtime.ring, 'limit', JSON.stringify([name, subject]))
  if (mac === null) throw new Impossible('the current key always makes a MAC')
  return encodeBase64Url(mac)
}
