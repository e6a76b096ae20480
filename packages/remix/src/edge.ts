import type { AccountPaths, Runtime } from '@sigra/mikro-orm'
import type { BodyLimit } from './body/body-limit.ts'
import type { CookieSettings } from './cookies/cookie-settings.ts'
import type { HeaderOptions } from './headers/header-options.ts'
import type { RouteSet } from './request/own-route.ts'

/** What the edge decides by, checked once at start. Nothing in it comes from a request. */
export interface EdgeSettings {
  readonly origin: URL
  /** Origins that may change something: the app's own, and those the host lists. */
  readonly allowedOrigins: ReadonlySet<string>
  readonly paths: Readonly<AccountPaths>
  /** What the app has beside accounts. */
  readonly areas: Runtime['areas']
  /** Every route of ours, wherever the app put it: they get the strict rules. */
  readonly ownRoutes: RouteSet
  /** Those of ours with a form for somebody who may never have been here. */
  readonly greetingRoutes: RouteSet
  /** Those of ours that nobody is sent to after signing in. */
  readonly noLandingRoutes: RouteSet
  readonly exemptPaths: ReadonlySet<string>
  /** Of a request to a route of ours that may change something. */
  readonly body: BodyLimit
  readonly production: boolean
  readonly trustedProxies: number
  readonly cookies: CookieSettings
  readonly headers: HeaderOptions
  readonly clearSiteDataOnLogOut: boolean
  readonly allowNoClientAddress: boolean
}

/** What wrappers and middleware need of a `Sigra`. Apps have no use for it. */
export interface Edge {
  readonly runtime: Runtime
  readonly settings: EdgeSettings
}
