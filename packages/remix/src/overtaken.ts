import { jsonAnswer } from './json-answer.ts'
import { localPath, seeOther } from './redirects.ts'
import { normalisedUrl } from './request/normalised-url.ts'
import type { Visit } from './request/visit.ts'

/** By its code: the library can be loaded twice, and a class is then two classes. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SIGRA_SESSION_OVERTAKEN'
}

/**
 * What a request is told whose session went on without it. Its cookie may be an old one and the browser's a newer one, so
 * nothing is said about either: the page is asked for anew, and its guard decides by the cookie that comes then. A script
 * is told 401.
 */
export function askAnew({ edge, state, args }: Visit): Response {
  if (isFromScript(args.request)) {
    const body = { ok: false, reason: 'session-ended', requestId: state.requestId }
    return jsonAnswer(body, { status: 401, headers: { 'Cache-Control': 'no-store' } })
  }
  const { pathname, search } = normalisedUrl(args)
  return seeOther(state, localPath(edge.settings, pathname + search))
}

/** It sent JSON, or wants JSON and no page: a redirect would give it HTML for an answer. */
function isFromScript({ headers }: Request): boolean {
  const accepted = headers.get('accept')?.toLowerCase() ?? ''
  const isJson = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
  return isJson || (accepted.includes('application/json') && !accepted.includes('text/html'))
}
