import { parseSessionToken } from '@sigra/core'
import {
  createBrowserToken,
  type Caller,
  logInUser,
  parseBrowserToken,
  parseTrustTokens,
  principalOf,
  resolveSession,
  statement,
  sql,
  verifyUserSecondFactor,
} from '@sigra/mikro-orm'
import { keepCookies } from './cookie-jar.ts'
import { TestSetupFailed } from './test-setup-failed.ts'
import type { Person, TestedSigra } from './tested-app.ts'

export interface TestBrowserOptions {
  /**
   * The app, for `get`, `post` and `postJson`: a handler of web requests in `wrapHandler`, which is told the browser's
   * network address.
   */
  serve?: (request: Request, clientAddress: string) => Promise<Response>
}

/** What the app answered. Redirects are not followed. */
export interface TestPage {
  status: number
  /** Where a redirect leads. */
  location: string | null
  headers: Headers
  html: string
}

const SHOWN_CHARACTERS = 200

let addresses = 0

/**
 * A browser for tests of loaders, actions and pages: signs people in through the library's own flows, keeps cookies as
 * the app sets them, and hands them out, for a `Request` or for Playwright's `context.addCookies`. Each has a network
 * address of its own, so that no test meets another one's limits.
 */
export class TestBrowser {
  readonly #sigra: TestedSigra
  readonly #serve: TestBrowserOptions['serve']
  readonly #address = `198.18.${(addresses >> 8) & 255}.${addresses++ & 255}` // RFC 2544: nobody's
  readonly #cookies = new Map<string, string>()

  constructor(sigra: TestedSigra, options: TestBrowserOptions = {}) {
    this.#sigra = sigra
    this.#serve = options.serve
  }

  /**
   * Signs somebody in by password; the second factor too, where there is one.
   *
   * @param options.until `first-factor` leaves the sign-in waiting for its next step.
   * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` when the library refuses.
   */
  async logIn(person: Person, options: { until?: 'first-factor' } = {}): Promise<this> {
    const { runtime } = this.#sigra.edge
    const { email, password } = person
    const result = await logInUser(runtime, await this.caller(), { email, password })
    if (!result.ok) throw new TestSetupFailed(`${email} was not logged in: "${result.reason}".`)
    if (result.outcome !== 'second-factor-required' || options.until === 'first-factor') return this
    const passed = await verifyUserSecondFactor(runtime, await this.caller(), { code: person.totpCode() })
    if (!passed.ok)
      throw new TestSetupFailed(`The second factor of ${email} was refused: "${passed.reason}".`)
    return this
  }

  /** Makes the last proof of who is there older than sudo accepts, as ten minutes would. */
  async forgetSudo(): Promise<this> {
    const { session } = await this.caller()
    const { tables } = this.#sigra.edge.runtime
    await statement(
      this.#sigra.edge.runtime,
      sql`update ${tables.userSession.name} set sudo_at = null, sudo_method = null where id = ${session?.id ?? null}`,
    )
    return this
  }

  /**
   * Opens a page.
   *
   * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` in a browser that was made without `serve`.
   */
  get(path: string): Promise<TestPage> {
    return this.#open(path)
  }

  /**
   * Sends a form.
   *
   * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` in a browser that was made without `serve`.
   */
  post(path: string, form: Readonly<Record<string, string>>): Promise<TestPage> {
    return this.#open(path, { method: 'POST', body: new URLSearchParams(form) })
  }

  /**
   * Sends JSON as the script of a page does, which knows what comes back.
   *
   * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` when it is no JSON, with what it is; or without `serve`.
   */
  async postJson<Answer = unknown>(path: string, value: object): Promise<Answer> {
    const headers = { 'Content-Type': 'application/json' }
    const page = await this.#open(path, { method: 'POST', headers, body: JSON.stringify(value) })
    try {
      return JSON.parse(page.html)
    } catch (cause) {
      const seen = page.html.slice(0, SHOWN_CHARACTERS)
      throw new TestSetupFailed(`${path} answered ${page.status} without JSON: ${seen}`, { cause })
    }
  }

  /** By name, as the app's own configuration calls them. */
  get cookies(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#cookies)
  }

  /** The value of a `Cookie` header. */
  get cookieHeader(): string {
    return Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; ')
  }

  /** What a loader or an action is called with. */
  args(path: string, init: RequestInit = {}): { request: Request } {
    const { origin } = this.#sigra.edge.runtime.origin
    const headers = new Headers(init.headers)
    headers.set('Cookie', this.cookieHeader)
    if (!headers.has('Origin')) headers.set('Origin', origin)
    return { request: new Request(new URL(path, origin), { ...init, headers }) }
  }

  /** For calling a flow of the library directly. The session is looked up anew. */
  async caller(): Promise<Caller> {
    const { edge } = this.#sigra
    const { runtime } = edge
    const { names } = edge.settings.cookies
    const token = parseSessionToken(this.#cookies.get(names.session))
    const browserToken = parseBrowserToken(this.#cookies.get(names.browser) ?? null) ?? createBrowserToken()
    this.#cookies.set(names.browser, browserToken)
    const session = token === null ? null : await resolveSession(runtime, token)
    return {
      clientAddress: this.#address,
      userAgent: 'Sigra test browser',
      requestId: 'test',
      browserToken,
      trustTokens: parseTrustTokens(
        this.#cookies.get(names.trusted) ?? null,
        runtime.policy.trustedBrowser.maxPerBrowser,
      ),
      sessionToken: token,
      session,
      principal: principalOf(session),
      effects: {
        setSession: (value) => void this.#cookies.set(names.session, value),
        clearSession: () => void this.#cookies.delete(names.session),
        setBrowser: (value) => void this.#cookies.set(names.browser, value),
        setTrusted: (tokens) => {
          if (tokens.length === 0) this.#cookies.delete(names.trusted)
          else this.#cookies.set(names.trusted, tokens.join('.'))
        },
      },
    }
  }

  async #open(path: string, init?: RequestInit): Promise<TestPage> {
    if (this.#serve === undefined)
      throw new TestSetupFailed('This browser opens no pages: make it with { serve }, the app’s handler.')
    const response = await this.#serve(this.args(path, init).request, this.#address)
    keepCookies(this.#cookies, response)
    const { status, headers } = response
    return { status, headers, location: headers.get('Location'), html: await response.text() }
  }
}
