import { encodeBase64Url, parseSessionToken, type SessionToken, systemRandom } from '@sigra/core'
import { requireStart, type ResolvedSession, resolveSession } from '@sigra/mikro-orm'
import { type CookieJar, createCookieJar } from '../cookies/cookie-jar.ts'
import { readCookies, type RequestCookies } from '../cookies/read-cookies.ts'
import type { Edge } from '../edge.ts'
import { recordDuplicateCookies } from './duplicate-cookies.ts'

/** What is known when a request arrives, before anything of it is believed. */
export interface Arrival {
  requestId: string
  clientAddress: string | null
  userAgent: string | null
  cookieHeader: string | null
  /** The routed path, or `null` where it cannot be read. */
  path: string | null
  /** React Router's client asks for the data of the page it goes to. */
  isDataNavigation: boolean
  /** A wrapper stands around the framework: it checked the origin, and completes the headers of the answer. */
  isWrapped: boolean
}

/** One request, as long as it lasts: shared by wrapper, middleware, loaders and actions. */
export interface RequestState extends Readonly<Arrival> {
  /** Of this answer's Content-Security-Policy. */
  readonly nonce: string
  readonly cookies: RequestCookies
  readonly jar: CookieJar
  /** Further headers of the answer: `Retry-After`, `Clear-Site-Data`. */
  readonly answerHeaders: Headers
  /** What a flow said about trying again; goes out with 429 and 503, whatever headers the framework lets through. */
  retryAfter: string | null
  /** Set by the middleware, which then writes the cookies; without one the wrapper does, or else whoever answers. */
  hasMiddleware: boolean
  /** The body came as a whole, as far as it is ours to ask: set by who took it. */
  isBodyWhole: boolean
  /** Something looked for a link that this browser opened: the answer says whether there is one. Set by who looked. */
  isMailFlowAsked: boolean
  /** What loaders of one request share: the flash, the mail flows. */
  readonly memory: Map<string, unknown>
  /** What the browser sent as its session, or what it has been given since. */
  readonly sessionToken: SessionToken | null
  /** Asked once, by whoever needs it first. Rejects while the database is away. */
  session(): Promise<ResolvedSession | null>
  /** Whether anything asked. */
  readonly isSessionAsked: boolean
  /** The next one who asks gets what the database then says: of this token, of none, or (no argument) of the same. */
  renewSession(token?: SessionToken | null): void
}

const NONCE_BYTES = 16

/** @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when this app should not have been started. */
export function createRequestState(edge: Edge, arrival: Arrival): RequestState {
  const { settings, runtime } = edge
  requireStart(runtime)
  const isExempt = arrival.path !== null && settings.exemptPaths.has(arrival.path)
  const cookies = readCookies(isExempt ? null : arrival.cookieHeader, settings.cookies)
  let token = cookies.duplicated.length > 0 ? null : parseSessionToken(cookies.values.session)
  let asked: Promise<ResolvedSession | null> | undefined
  let isSessionAsked = false
  const state: RequestState = {
    ...arrival,
    nonce: createNonce(),
    cookies,
    jar: createCookieJar(settings.cookies),
    answerHeaders: new Headers(),
    retryAfter: null,
    hasMiddleware: false,
    isBodyWhole: false,
    isMailFlowAsked: false,
    memory: new Map(),
    get sessionToken() {
      return token
    },
    session() {
      isSessionAsked = true
      if (cookies.duplicated.length > 0) recordDuplicateCookies(edge, state)
      asked ??= token === null ? Promise.resolve(null) : resolveSession(runtime, token, arrival.path)
      return asked
    },
    get isSessionAsked() {
      return isSessionAsked
    },
    renewSession(next) {
      if (next !== undefined) token = next
      asked = undefined
    },
  }
  return state
}

function createNonce(): string {
  const bytes = new Uint8Array(NONCE_BYTES)
  systemRandom(bytes)
  return encodeBase64Url(bytes)
}
