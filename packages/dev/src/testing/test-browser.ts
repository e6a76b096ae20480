import { parseSessionToken, type SessionToken } from '@sigra/core'
import {
  type BrowserToken,
  createBrowserToken,
  type FlowContext,
  logInUser,
  resolveSession,
  statement,
  sql,
  type TrustToken,
  verifyUserSecondFactor,
} from '@sigra/mikro-orm'
import type { Person, TestedSigra } from './person.ts'

/** A test asked for something that cannot be set up. */
export class TestSetupFailed extends Error {
  override readonly name = 'TestSetupFailed'
  readonly code = 'SIGRA_TEST_SETUP_FAILED'
}

let addresses = 0

/**
 * A browser for tests of loaders, actions and pages: signs people in through the library's own flows and hands out the
 * cookies, for a `Request` or for Playwright's `context.addCookies`. Each has a network address of its own, so that no
 * test meets another one's limits.
 */
export class TestBrowser {
  readonly #sigra: TestedSigra
  readonly #address = `198.18.${(addresses >> 8) & 255}.${addresses++ & 255}` // RFC 2544: nobody's
  readonly #browserToken: BrowserToken = createBrowserToken()
  #sessionToken: SessionToken | null = null
  #trustTokens: readonly TrustToken[] = []

  constructor(sigra: TestedSigra) {
    this.#sigra = sigra
  }

  /**
   * Signs somebody in by password; the second factor too, where there is one.
   *
   * @param options.until `first-factor` leaves the sign-in waiting for its next step.
   * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` when the library refuses.
   */
  async logIn(person: Person, options: { until?: 'first-factor' } = {}): Promise<this> {
    const { runtime } = this.#sigra
    const { email, password } = person
    const result = await logInUser(runtime, await this.context(), { email, password })
    if (!result.ok) throw new TestSetupFailed(`${email} was not logged in: "${result.reason}".`)
    if (result.outcome !== 'second-factor-required' || options.until === 'first-factor') return this
    const passed = await verifyUserSecondFactor(runtime, await this.context(), { code: person.totpCode() })
    if (!passed.ok)
      throw new TestSetupFailed(`The second factor of ${email} was refused: "${passed.reason}".`)
    return this
  }

  /** Makes the last proof of who is there older than sudo accepts, as ten minutes would. */
  async forgetSudo(): Promise<this> {
    const { session } = await this.context()
    const { tables } = this.#sigra.runtime
    await statement(
      this.#sigra.runtime,
      sql`update ${tables.userSession.name} set sudo_at = null, sudo_method = null where id = ${session?.id ?? null}`,
    )
    return this
  }

  /** By name, as the app's own configuration calls them. */
  get cookies(): Readonly<Record<string, string>> {
    const { session, browser } = this.#sigra.edge.settings.cookies.names
    return {
      [browser]: this.#browserToken,
      ...(this.#sessionToken === null ? {} : { [session]: this.#sessionToken }),
    }
  }

  /** The value of a `Cookie` header. */
  get cookieHeader(): string {
    return Object.entries(this.cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')
  }

  /** What a loader or an action is called with. */
  args(path: string, init: RequestInit = {}): { request: Request } {
    const { origin } = this.#sigra.runtime.origin
    const headers = new Headers(init.headers)
    headers.set('Cookie', this.cookieHeader)
    if (!headers.has('Origin')) headers.set('Origin', origin)
    return { request: new Request(new URL(path, origin), { ...init, headers }) }
  }

  /** For calling a flow of the library directly. The session is looked up anew. */
  async context(): Promise<FlowContext> {
    const { runtime } = this.#sigra
    const token = parseSessionToken(this.#sessionToken)
    return {
      clientAddress: this.#address,
      userAgent: 'Sigra test browser',
      requestId: 'test',
      browserToken: this.#browserToken,
      trustTokens: this.#trustTokens,
      sessionToken: token,
      session: token === null ? null : await resolveSession(runtime, token),
      effects: {
        setSession: (session) => void (this.#sessionToken = session),
        clearSession: () => void (this.#sessionToken = null),
        setBrowser: () => undefined,
        setTrusted: (tokens) => void (this.#trustTokens = tokens),
      },
    }
  }
}
