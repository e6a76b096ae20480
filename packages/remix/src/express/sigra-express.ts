import type { IncomingMessage, ServerResponse } from 'node:http'
import { BODY_STATUS, bodyRefusalText, isTakenWhole } from '../body/body-limit.ts'
import type { Edge } from '../edge.ts'
import { failureText, logFailure } from '../failure.ts'
import { answerHeaders } from '../headers/common-headers.ts'
import { takeStyleReport } from '../headers/style-report.ts'
import { refusalText, refuseForeignOrigin } from '../origin/refuse-foreign-origin.ts'
import { completeHeaders } from '../request/answer-headers.ts'
import { clientAddress } from '../request/client-address.ts'
import { createRequestId } from '../request/enter-request.ts'
import { isDataNavigation } from '../request/document-border.ts'
import { routedPath } from '../request/own-route.ts'
import { greetBrowser } from '../request/greet-browser.ts'
import { HANDLE_HEADER, registerState, releaseState } from '../request/request-registry.ts'
import { createRequestState, type RequestState } from '../request/request-state.ts'
import { beforeHead, nodeHeaders } from './before-head.ts'
import { closeAfterAnswer, isClosing } from './close-after-answer.ts'
import { discardRest } from './discard-rest.ts'
import { pinRequestUrl } from './pin-request-url.ts'
import { receiveWholeBody } from './receive-whole-body.ts'

export interface SigraExpressOptions {
  /** The app's `sigra`, asked for every request: development may have made a new one. */
  sigra: () => { readonly edge: Edge } | Promise<{ readonly edge: Edge }>
}

/** Middleware of Express, Connect and every server that knows their shape. */
export type NodeMiddleware = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => Promise<void>

export type NodeErrorMiddleware = (
  error: unknown,
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

const states = new WeakMap<IncomingMessage, { edge: Edge; state: RequestState }>()

/**
 * The first middleware of the server: request id, client address, URL from the configured origin, origin check before
 * the body is read, the body of our own routes as a whole before the session is looked up, security headers on every
 * answer, 404 and refusals included; and the cookies and `no-store` that no middleware wrote.
 */
export function sigraExpress(options: SigraExpressOptions): NodeMiddleware {
  return async (req, res, next) => {
    if (isClosing(req)) return
    let edge: Edge
    let state: RequestState
    let url: URL
    try {
      edge = (await options.sigra()).edge
      url = pinRequestUrl(req, edge.settings.origin)
      state = createState(edge, req, url)
    } catch (error) {
      return next(error)
    }
    states.set(req, { edge, state })
    beforeHead(res, () => fillHeaders(res, edge, state))
    res.once('finish', () => discardRest(req))
    const refusal = refuseForeignOrigin(edge, state, {
      method: req.method ?? 'GET',
      secFetchSite: headerOf(req, 'sec-fetch-site'),
      origin: headerOf(req, 'origin'),
    })
    if (refusal !== null) return answerText(res, 403, refusalText(state))
    if (takeStyleReport(edge, req.method ?? 'GET', url)) {
      res.statusCode = 204
      return void res.end()
    }
    const isWhole = isTakenWhole(edge.settings, state, req.method ?? 'GET')
    const missing = isWhole ? await receiveWholeBody(req, edge.settings.body) : null
    if (missing !== null) {
      closeAfterAnswer(req, res)
      return answerText(res, BODY_STATUS[missing], bodyRefusalText(missing, state.requestId))
    }
    state.isBodyWhole = isWhole
    greetBrowser(edge, state, req.method ?? 'GET')
    const handle = registerState(state)
    req.headers[HANDLE_HEADER] = handle
    res.once('close', () => releaseState(handle))
    next()
  }
}

/** The last middleware of the server: logs what nobody caught, and answers with the request id and nothing else. */
export function sigraExpressErrors(): NodeErrorMiddleware {
  return (error, req, res, next) => {
    const known = states.get(req)
    if (known === undefined || res.headersSent) return next(error)
    logFailure(known.edge, known.state, error)
    answerText(res, 500, failureText(known.state))
  }
}

function createState(edge: Edge, req: IncomingMessage, url: URL): RequestState {
  return createRequestState(edge, {
    requestId: createRequestId(),
    clientAddress: clientAddress(
      req.socket.remoteAddress,
      headerOf(req, 'x-forwarded-for'),
      edge.settings.trustedProxies,
    ),
    userAgent: headerOf(req, 'user-agent'),
    cookieHeader: headerOf(req, 'cookie'),
    path: routedPath(url.pathname),
    isDataNavigation: isDataNavigation(req.method ?? 'GET', url),
    isWrapped: true,
  })
}

function headerOf(req: IncomingMessage, name: string): string | null {
  const value = req.headers[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? null)
}

/** A header that the answer brought itself is kept, unless it would let a cache keep what belongs to one person. */
function fillHeaders(res: ServerResponse, edge: Edge, state: RequestState): void {
  completeHeaders(state, res.statusCode, nodeHeaders(res))
  for (const [name, value] of Object.entries(answerHeaders(edge, state)))
    if (!res.hasHeader(name)) res.setHeader(name, value)
}

function answerText(res: ServerResponse, status: number, text: string): void {
  res.statusCode = status
  res.setHeader('Content-Type', 'text/plain; charset=utf-8')
  res.setHeader('Cache-Control', 'no-store')
  res.end(text)
}
