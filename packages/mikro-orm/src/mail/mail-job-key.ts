import { encodeBase64Url, sha256 } from '@sigra/core'
import type { MailPayload } from './mail-payload.ts'

/**
 * What a mail has in common with a later one of the same kind that the same browser asks for: as long as it waits in
 * the queue, the later one takes its place, so that a backlog ends in one mail and not in several of which all but one
 * are dead. `null` for notices, each of which tells of something else, and for a browser without an id, which may be
 * anybody's.
 */
export function mailJobKey({
  kind,
  address,
  browserHash = null,
}: Pick<MailPayload, 'kind' | 'address'> & { browserHash?: string | null }): string | null {
  if (browserHash === null) return null
  return `sigra.mail ${encodeBase64Url(sha256(JSON.stringify([kind, address, browserHash])))}`
}
