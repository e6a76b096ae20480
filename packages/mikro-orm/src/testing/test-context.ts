import type { FlowContext } from '../context.ts'
import { type BrowserToken, createBrowserToken } from '../sessions/browser-token.ts'
import type { TrustToken } from '../sessions/trust-token.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import { principalOf } from '../sessions/principal.ts'
import type { Runtime } from '../runtime.ts'

export interface TestContext extends FlowContext {
  /** What the flows did to this browser's cookies so far, `sessionToken` and `trustTokens` included. */
  remembered: boolean
  maxAgeSeconds: number | null
  cleared: number
  browserToken: BrowserToken
  trustTokens: readonly TrustToken[]
}

let requests = 0

/** A browser in front of a flow: keeps the cookies it is given. */
export function createTestContext(from: Partial<FlowContext> = {}): TestContext {
  requests += 1
  const context: TestContext = {
    clientAddress: '192.0.2.1',
    userAgent: 'Mozilla/5.0 (test)',
    requestId: `request-${requests}`,
    sessionToken: null,
    session: null,
    principal: principalOf(from.session ?? null),
    trustTokens: [],
    ...from,
    browserToken: from.browserToken ?? createBrowserToken(),
    remembered: false,
    maxAgeSeconds: null,
    cleared: 0,
    effects: {
      setSession(token, life) {
        context.sessionToken = token
        context.remembered = life.remembered
        context.maxAgeSeconds = life.maxAgeSeconds
      },
      clearSession() {
        context.sessionToken = null
        context.cleared += 1
      },
      setBrowser(token) {
        context.browserToken = token
      },
      setTrusted(tokens) {
        context.trustTokens = tokens
      },
    },
  }
  return context
}

/** The next request of the same browser: its session cookie is looked up as the edge would. */
export async function nextRequest(runtime: Runtime, context: TestContext): Promise<TestContext> {
  context.session = context.sessionToken ? await resolveSession(runtime, context.sessionToken) : null
  context.principal = principalOf(context.session)
  return context
}
