import { createUuidV7 } from '@sigra/core'
import type { Edge } from '../edge.ts'
import { isDataNavigation } from './document-border.ts'
import { routedPath } from './own-route.ts'
import type { RequestArgs } from './request-args.ts'
import { findState, rememberState } from './request-registry.ts'
import { createRequestState, type RequestState } from './request-state.ts'

/** The state of a request: the wrapper's, the one made earlier, or a new one. */
export function enterRequest(
  edge: Edge,
  { request, context }: Pick<RequestArgs, 'request' | 'context'>,
): RequestState {
  const known = findState(request, context)
  if (known) return known
  const url = new URL(request.url)
  const state = createRequestState(edge, {
    requestId: createRequestId(),
    clientAddress: null, // a web Request carries none: only a wrapper learns it
    userAgent: request.headers.get('user-agent'),
    cookieHeader: request.headers.get('cookie'),
    path: routedPath(url.pathname),
    isDataNavigation: isDataNavigation(request.method, url),
    isWrapped: false,
  })
  rememberState(state, request)
  return state
}

/** Ours alone: an id sent by the client would let it write into logs and the audit trail. */
export function createRequestId(): string {
  return createUuidV7(new Date())
}
