import {
  type BrowserToken,
  createBrowserToken,
  type Caller,
  parseBrowserToken,
  parseTrustTokens,
  principalOf,
} from '@sigra/mikro-orm'
import type { Edge } from '../edge.ts'
import { orUnavailable, unavailable } from '../unavailable.ts'
import { forgetPerson } from './forget-person.ts'
import type { RequestState } from './request-state.ts'
import type { Visit } from './visit.ts'

const DAY_SECONDS = 86_400
const RETRY_SECONDS = 60 // nothing changes before somebody mends the deployment

/**
 * What a flow is told about its request.
 *
 * @throws {Response} 503 while the database is away, or, in production, when nobody knows who calls: limits per
 *   network would be one bucket for everybody.
 */
export async function createCaller(visit: Visit): Promise<Caller> {
  requireClientAddress(visit)
  const { edge, state } = visit
  const session = await orUnavailable(visit, () => state.session())
  return {
    clientAddress: state.clientAddress,
    userAgent: state.userAgent,
    requestId: state.requestId,
    browserToken: parseBrowserToken(state.cookies.values.browser),
    trustTokens: parseTrustTokens(
      state.cookies.values.trusted,
      edge.runtime.policy.trustedBrowser.maxPerBrowser,
    ),
    sessionToken: state.sessionToken,
    session,
    principal: principalOf(session),
    effects: {
      setSession(token, { maxAgeSeconds, signedIn }) {
        state.jar.set('session', token, maxAgeSeconds)
        state.renewSession(token)
        if (signedIn !== null) forgetPerson(visit, session?.userId === signedIn)
      },
      clearSession() {
        state.jar.clear('session')
        state.renewSession(null)
        forgetPerson(visit, false)
      },
      setTrusted(tokens) {
        const { days } = edge.runtime.policy.trustedBrowser
        if (tokens.length === 0) state.jar.clear('trusted')
        else state.jar.set('trusted', tokens.join('.'), days * DAY_SECONDS)
      },
      setBrowser(token) {
        keepBrowser(edge, state, token)
      },
    },
  }
}

/** Gives a browser seen for the first time its id, before a flow that keeps it. */
export function withBrowser(caller: Caller): Caller {
  return { ...caller, browserToken: caller.browserToken ?? createBrowserToken() }
}

/** Leaves the browser its id for another year, whatever came of the flow. */
export function rememberBrowser({ browserToken, effects }: Caller): void {
  if (browserToken !== null) effects.setBrowser(browserToken)
}

/** Leaves the browser its id, for as long as the policy says. */
export function keepBrowser({ runtime }: Edge, state: RequestState, token: BrowserToken): void {
  state.jar.set('browser', token, runtime.policy.browser.cookieDays * DAY_SECONDS)
}

function requireClientAddress({ edge, state }: Visit): void {
  const { settings, runtime } = edge
  if (state.clientAddress !== null || settings.allowNoClientAddress) return
  runtime.logger.error('request.no_client_address', {
    requestId: state.requestId,
    hint: 'Put sigraExpress or wrapHandler (with socketAddress) around the request handler.',
  })
  throw unavailable(state, RETRY_SECONDS)
}
