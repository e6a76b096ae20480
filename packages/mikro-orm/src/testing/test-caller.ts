import type { Caller } from '../caller.ts'
import { type BrowserToken, createBrowserToken } from '../sessions/browser-token.ts'
import type { TrustToken } from '../sessions/trust-token.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import { principalOf } from '../sessions/principal.ts'
import type { Runtime } from '../runtime.ts'

export interface TestCaller extends Caller {
  /** What the flows did to this browser's cookies so far, `sessionToken` and `trustTokens` included. */
  remembered: boolean
  maxAgeSeconds: number | null
  cleared: number
  browserToken: BrowserToken
  trustTokens: readonly TrustToken[]
}

let requests = 0

/** A browser in front of a flow: keeps the cookies it is given. */
export function createTestCaller(from: Partial<Caller> = {}): TestCaller {
  requests += 1
  const caller: TestCaller = {
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
        caller.sessionToken = token
        caller.remembered = life.remembered
        caller.maxAgeSeconds = life.maxAgeSeconds
      },
      clearSession() {
        caller.sessionToken = null
        caller.cleared += 1
      },
      setBrowser(token) {
        caller.browserToken = token
      },
      setTrusted(tokens) {
        caller.trustTokens = tokens
      },
    },
  }
  return caller
}

/** The next request of the same browser: its session cookie is looked up as the edge would. */
export async function nextRequest(runtime: Runtime, caller: TestCaller): Promise<TestCaller> {
  caller.session = caller.sessionToken ? await resolveSession(runtime, caller.sessionToken) : null
  caller.principal = principalOf(caller.session)
  return caller
}
