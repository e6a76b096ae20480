import { isSafeMethod } from '../origin/check-origin.ts'
import type { RouteSet } from '../request/own-route.ts'

/** How much a client may send to a page of ours, and how long it may take: all of it, not from byte to byte. */
export interface BodyLimit {
  readonly maxBytes: number
  /** `null`: as long as it takes. */
  readonly seconds: number | null
}

/** Forms and answers of scripts have a few kB; a slow line sends 64 of them in ten seconds. */
export const BODY_LIMIT = { maxBytes: 64 * 1024, seconds: 10 } as const satisfies BodyLimit

/** Why a body was not taken. `broken`: the client went away. */
export type BodyRefusal = 'too-large' | 'too-slow' | 'broken'

export const BODY_STATUS: Readonly<Record<BodyRefusal, number>> = {
  'too-large': 413,
  'too-slow': 408,
  broken: 400,
}

/**
 * Whether a body is taken as a whole before anybody looks at the session: on our own routes, where it may change
 * something. Whoever holds back the last bytes would else choose when the session that was looked up is used. What a host
 * is sent on routes of its own may be large and take its time.
 */
export function isTakenWhole(
  { ownRoutes }: { ownRoutes: RouteSet },
  { path }: { path: string | null },
  method: string,
): boolean {
  return !isSafeMethod(method) && ownRoutes.has(path)
}

/** What the client is told. The reason is nobody's secret. @param requestId `null` where none was given yet. */
export function bodyRefusalText(refusal: BodyRefusal, requestId: string | null): string {
  const sentences: Record<BodyRefusal, string> = {
    'too-large': 'This request was too large.',
    'too-slow': 'This request took too long to arrive.',
    broken: 'This request did not arrive as a whole.',
  }
  return `${sentences[refusal]}\n${requestId === null ? '' : `Request ${requestId}\n`}`
}
