import type { MiddlewareFunction } from 'react-router'
import { awaitWholeBody, refuseBody } from '../body/require-whole-body.ts'
import type { Edge } from '../edge.ts'
import { answerHeaders } from '../headers/common-headers.ts'
import { refusalText, refuseForeignOrigin } from '../origin/refuse-foreign-origin.ts'
import { completeHeaders, webHeaders } from '../request/answer-headers.ts'
import { seeOther } from '../redirects.ts'
import { crossedTo } from '../request/document-border.ts'
import { enterRequest } from '../request/enter-request.ts'
import { greetBrowser } from '../request/greet-browser.ts'
import { findState, rememberState, runWithState } from '../request/request-registry.ts'
import type { RequestState } from '../request/request-state.ts'

/**
 * The one line in `app/root.tsx`: one session lookup for all loaders of a request, cookies written once, nothing
 * personal cached. Where no wrapper stands around the framework it also checks the origin and adds the headers, as far
 * as React Router lets it: a wrapper covers unmatched URLs and the framework's own refusals too.
 */
export function sigraMiddleware(sigra: { readonly edge: Edge }): MiddlewareFunction<Response> {
  const { edge } = sigra
  return async ({ request, context }, next) => {
    // Never by the context: it would be a former request's, where a host shares one.
    const state = enterRequest(edge, { request })
    rememberState(state, request)
    state.hasMiddleware = true
    const refusal = state.isWrapped
      ? null
      : refuseForeignOrigin(edge, state, {
          method: request.method,
          secFetchSite: request.headers.get('sec-fetch-site'),
          origin: request.headers.get('origin'),
        })
    if (refusal !== null) return completed(edge, state, new Response(refusalText(state), { status: 403 }))
    const page = crossedTo(edge, state, request)
    if (page !== null) return completed(edge, state, loadDocument(state, page))
    greetBrowser(edge, state, request.method)
    const missing = await awaitWholeBody(edge, state, request)
    const response = missing === null ? await runWithState(state, context, next) : refuseBody(state, missing)
    return completed(edge, state, response)
  }
}

/** The nonce of this answer's Content-Security-Policy, for `ServerRouter` and the renderer in `entry.server.tsx`. */
export function getNonce(request: Request): string | undefined {
  return findState(request, null)?.nonce
}

/** The client then loads the page anew, as if its address had been typed. No cache may answer so to somebody else. */
function loadDocument(state: RequestState, page: string): Response {
  const response = seeOther(state, page)
  response.headers.set('X-Remix-Reload-Document', 'true')
  response.headers.set('Cache-Control', 'no-store')
  return response
}

function completed(edge: Edge, state: RequestState, response: Response): Response {
  const headers = new Headers(response.headers)
  completeHeaders(state, response.status, webHeaders(headers))
  if (!state.isWrapped) {
    for (const [name, value] of Object.entries(answerHeaders(edge, state))) {
      if (!headers.has(name)) headers.set(name, value)
    }
  }
  const { status, statusText, body } = response
  return new Response(body, { status, statusText, headers })
}
