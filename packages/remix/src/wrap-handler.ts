import type { Bytes } from '@sigra/core'
import { isTakenWhole } from './body/body-limit.ts'
import { receiveBody } from './body/receive-body.ts'
import { refuseBody } from './body/require-whole-body.ts'
import type { Edge } from './edge.ts'
import { failureText, logFailure } from './failure.ts'
import { answerHeaders } from './headers/common-headers.ts'
import { takeStyleReport } from './headers/style-report.ts'
import { refusalText, refuseForeignOrigin } from './origin/refuse-foreign-origin.ts'
import { completeHeaders, webHeaders } from './request/answer-headers.ts'
import { clientAddress } from './request/client-address.ts'
import { createRequestId } from './request/enter-request.ts'
import { isDataNavigation } from './request/document-border.ts'
import { routedPath } from './request/own-route.ts'
import { greetBrowser } from './request/greet-browser.ts'
import { HANDLE_HEADER, registerState, releaseState } from './request/request-registry.ts'
import { createRequestState, type RequestState } from './request/request-state.ts'

export interface WrapOptions<Rest extends unknown[]> {
  /** The app's `sigra`, asked for every request: development may have made a new one. */
  sigra: () => { readonly edge: Edge } | Promise<{ readonly edge: Edge }>
  /** Who holds the connection, from what the server passes beside the request. Without it nobody knows who calls. */
  socketAddress?: (request: Request, ...rest: Rest) => string | null | undefined
}

type Handler<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Response | Promise<Response>

/**
 * Puts around a handler of web requests what the Express wrapper does: request id, client address, URL from the
 * configured origin, origin check before the body is read, the body of our own routes as a whole before the session is
 * looked up, security headers on every answer; and the cookies and
 * `no-store` that no middleware wrote.
 */
export function wrapHandler<Rest extends unknown[]>(
  handler: Handler<Rest>,
  options: WrapOptions<Rest>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    const { edge } = await options.sigra()
    const state = createState(edge, request, options.socketAddress?.(request, ...rest))
    const refusal = refuseForeignOrigin(edge, state, {
      method: request.method,
      secFetchSite: request.headers.get('sec-fetch-site'),
      origin: request.headers.get('origin'),
    })
    if (refusal !== null) return secured(edge, state, new Response(refusalText(state), { status: 403 }))
    if (takeStyleReport(edge, request.method, new URL(request.url))) {
      return secured(edge, state, new Response(null, { status: 204 }))
    }
    const isWhole = isTakenWhole(edge.settings, state, request.method) && request.body !== null
    const body = isWhole ? await receiveBody(request, edge.settings.body) : null
    if (typeof body === 'string') return secured(edge, state, refuseBody(state, body))
    state.isBodyWhole = isWhole
    greetBrowser(edge, state, request.method)
    const handle = registerState(state)
    const done = () => releaseState(handle)
    try {
      const response = await handler(pinRequest(request, body, edge.settings.origin, handle), ...rest)
      return secured(edge, state, response, done)
    } catch (error) {
      done()
      logFailure(edge, state, error)
      return secured(edge, state, new Response(failureText(state), { status: 500 }))
    }
  }
}

function createState(edge: Edge, request: Request, socketAddress: string | null | undefined): RequestState {
  const url = new URL(request.url)
  const forwardedFor = request.headers.get('x-forwarded-for')
  return createRequestState(edge, {
    requestId: createRequestId(),
    clientAddress: clientAddress(socketAddress, forwardedFor, edge.settings.trustedProxies),
    userAgent: request.headers.get('user-agent'),
    cookieHeader: request.headers.get('cookie'),
    path: routedPath(url.pathname),
    isDataNavigation: isDataNavigation(request.method, url),
    isWrapped: true,
  })
}

/** The URL is ours by configuration: no header and no request line decides where links and redirects lead. */
function pinRequest(request: Request, body: Bytes | null, origin: URL, handle: string): Request {
  const { pathname, search } = new URL(request.url)
  const { method, headers, signal } = request
  const pinned = new Request(
    origin.origin + pathname + search,
    body === null ? request : { method, headers, signal, body },
  )
  pinned.headers.delete('x-forwarded-host')
  pinned.headers.delete('forwarded')
  pinned.headers.set('host', origin.host)
  pinned.headers.set(HANDLE_HEADER, handle)
  return pinned
}

function secured(edge: Edge, state: RequestState, response: Response, done?: () => void): Response {
  const headers = new Headers(response.headers)
  completeHeaders(state, response.status, webHeaders(headers))
  for (const [name, value] of Object.entries(answerHeaders(edge, state))) {
    if (!headers.has(name)) headers.set(name, value)
  }
  const { status, statusText } = response
  if (response.body === null || done === undefined) done?.()
  const body = response.body === null || done === undefined ? response.body : whenRead(response.body, done)
  return new Response(body, { status, statusText, headers })
}

function whenRead(body: ReadableStream<Uint8Array>, done: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream({
    async pull(controller) {
      try {
        const chunk = await reader.read()
        if (!chunk.done) return controller.enqueue(chunk.value)
        done()
        controller.close()
      } catch (error) {
        done()
        controller.error(error)
      }
    },
    cancel(reason) {
      done()
      return reader.cancel(reason)
    },
  })
}
