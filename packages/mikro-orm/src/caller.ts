import type { SessionToken } from '@sigra/core'
import type { BrowserToken } from './sessions/browser-token.ts'
import type { Principal } from './sessions/principal.ts'
import type { ResolvedSession } from './sessions/session.ts'
import type { TrustToken } from './sessions/trust-token.ts'
import type { UserId } from './user-id.ts'

/** What a flow may do to the browser; only the edge turns it into headers. */
export interface CookieEffects {
  /** @param life.signedIn Whom a sign-in has just let in; `null` where a session goes on under another token. */
  setSession(
    token: SessionToken,
    life: { remembered: boolean; maxAgeSeconds: number | null; signedIn: UserId | null },
  ): void
  clearSession(): void
  setBrowser(token: BrowserToken): void
  /** Newest first; an empty list takes the cookie away. */
  setTrusted(tokens: readonly TrustToken[]): void
}

/** Where a call comes from, as the server saw it: nothing here was typed by the client but the user agent. */
export interface RequestSource {
  /** An IP address, or `null` where the host allows none. */
  clientAddress: string | null
  userAgent: string | null
  requestId: string
}

/** Everything a flow knows about the request it serves. */
export interface Caller extends RequestSource {
  /** The browser's stable id. `null` until the edge made one; a browser without one is unknown. */
  browserToken: BrowserToken | null
  /** What this browser sent as its session, whether or not anybody is signed in by it. */
  sessionToken: SessionToken | null
  /** Whom it signs in; `null` also where its row has idled out, or is of somebody disabled. */
  session: ResolvedSession | null
  /** Who acts; `null` for strangers and for a sign-in that waits. */
  principal: Principal | null
  /** What this browser was given by accounts that trust it. */
  trustTokens: readonly TrustToken[]
  /** Where whoever is let in goes on: a path of the app, which the edge has checked. @default nowhere */
  landing?: string | null
  effects: CookieEffects
}
