import { inTransaction, networkOf, recordAuditEvent, type RequestSource } from '@sigra/mikro-orm'
import type { RequestCookies } from '../cookies/read-cookies.ts'
import type { Edge } from '../edge.ts'

const MAX_REMEMBERED = 1024
const lastRecorded = new Map<string, number>()

/** Notes that someone writes cookies beside ours: once per network and window, and never in the way of the answer. */
export function recordDuplicateCookies(edge: Edge, state: RequestSource & { cookies: RequestCookies }): void {
  const { runtime } = edge
  const key = networkOf(state.clientAddress)
  const now = Date.now()
  const windowMilliseconds = runtime.policy.audit.repeatWindowSeconds * 1000
  if (now - (lastRecorded.get(key) ?? -Infinity) < windowMilliseconds) return
  if (lastRecorded.size >= MAX_REMEMBERED) lastRecorded.clear()
  lastRecorded.set(key, now)

  const { clientAddress, userAgent, requestId } = state
  const source = { clientAddress, userAgent, requestId }
  const cookie = state.cookies.duplicated.join(' ')
  inTransaction(runtime, (tx) =>
    recordAuditEvent(tx, source, {
      action: 'security.duplicate_cookie',
      outcome: 'denied',
      actorId: null,
      metadata: { cookie },
    }),
  ).catch((error: unknown) => {
    lastRecorded.delete(key)
    runtime.logger.error('audit.failed', { requestId: state.requestId, error: String(error) })
  })
}
