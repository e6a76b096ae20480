import { ConfigInvalid } from '@sigra/core'
import { createBrowserToken, type FlowContext, parseBrowserToken } from '@sigra/mikro-orm'
import type { Edge } from '../edge.ts'
import { orUnavailable } from '../unavailable.ts'
import type { RequestState } from './request-state.ts'

const DAY_SECONDS = 86_400

/**
 * What a flow is told about its request.
 *
 * @throws {Response} 503 while the database is away, or, in production, when nobody knows who calls: limits per
 *   network would be one bucket for everybody.
 */
export async function createFlowContext(edge: Edge, state: RequestState): Promise<FlowContext> {
  requireClientAddress(edge, state)
  return {
    clientAddress: state.clientAddress,
    userAgent: state.userAgent,
    requestId: state.requestId,
    browserToken: parseBrowserToken(state.cookies.values.browser),
    session: await orUnavailable(edge, state, () => state.session()),
    effects: {
      setSession(token, { maxAgeSeconds }) {
        state.jar.set('session', token, maxAgeSeconds)
        state.renewSession(token)
      },
      clearSession() {
        state.jar.clear('session')
        state.renewSession(null)
      },
      setBrowser(token) {
        state.jar.set('browser', token, edge.runtime.policy.browser.cookieDays * DAY_SECONDS)
      },
    },
  }
}

/** Gives a browser seen for the first time its id, and a known one another year: before every flow, whatever comes of it. */
export function ensureBrowser(ctx: FlowContext): FlowContext {
  const browserToken = ctx.browserToken ?? createBrowserToken()
  ctx.effects.setBrowser(browserToken)
  return { ...ctx, browserToken }
}

function requireClientAddress({ settings }: Edge, state: RequestState): void {
  if (state.clientAddress !== null || settings.allowNoClientAddress) return
  throw new ConfigInvalid(
    'No client address arrives: put sigraExpress or wrapHandler around the request handler (docs: deployment, TLS proxies)',
  )
}
