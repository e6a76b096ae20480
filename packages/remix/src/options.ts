import { ConfigInvalid } from '@sigra/core'
import {
  accountPages,
  parseTrustedProxies,
  refuseUnknown,
  requireSwitch,
  routesOf,
  stepPaths,
  type Runtime,
  type RuntimeOptions,
} from '@sigra/mikro-orm'
import type { Area } from './area.ts'
import { BODY_LIMIT } from './body/body-limit.ts'
import { createCookieSettings } from './cookies/cookie-settings.ts'
import type { EdgeSettings } from './edge.ts'
import { checkHeaderOptions, type HeaderOptions, listHeaderDeviations } from './headers/header-options.ts'
import { type ExemptRoute, parseAdditionalOrigin, parseExemptRoute } from './origin/open-origins.ts'
import { refuseMoved } from './moved-options.ts'
import { NO_LANDING } from './redirects.ts'
import { GREETING_PAGES } from './request/greet-browser.ts'
import { createRouteSet } from './request/own-route.ts'

/** How the app is reached, and what its answers carry. */
export interface EdgeOptions {
  /**
   * How many proxies stand in front of the app. Required in production; 0 says that it faces the internet itself.
   * @default the environment's TRUSTED_PROXIES, in development 0
   */
  trustedProxies?: number | string | undefined
  /** Parent domain that shares the session with its subdomains. @default the environment's COOKIE_DOMAIN, else none */
  cookieDomain?: string | undefined
  headers?: HeaderOptions
  /** Routes of the host without an origin check. Our cookies are ignored there. @default [] */
  exemptRoutes?: readonly ExemptRoute[]
  /** Further origins that may send forms to this app. @default [] */
  additionalOrigins?: readonly string[]
  /** Logging out also erases the browser's cache and storage of this site, the host's own included. @default false */
  clearSiteDataOnLogOut?: boolean
  /** Lets production run without knowing who calls: every limit per network is then one bucket. @default false */
  dangerouslyAllowNoClientAddress?: boolean
}

/** What `createSigra` is told. Checked once, at the start; the environment is asked where it says so. */
export interface SigraOptions extends Omit<RuntimeOptions, 'areas'> {
  /** What the app has beside accounts. The worker and the command line read the same list. @default [] */
  areas?: readonly Area[]
  /** How requests are received and answered. @default {} */
  edge?: EdgeOptions
}

/** Of the development mailbox. */
const MAILBOX = ['/dev/mailbox', '/dev/mailbox/:page']

const switches = ['clearSiteDataOnLogOut', 'dangerouslyAllowNoClientAddress'] as const

const knownOptions = {
  trustedProxies: true,
  cookieDomain: true,
  headers: true,
  exemptRoutes: true,
  additionalOrigins: true,
  clearSiteDataOnLogOut: true,
  dangerouslyAllowNoClientAddress: true,
} satisfies Record<keyof EdgeOptions, true>

/**
 * The part of the options that is the runtime's, which also refuses keys nobody knows.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming what is missing.
 */
export function runtimeOptions(options: SigraOptions): RuntimeOptions {
  refuseMoved(options)
  requireText(
    options.origin,
    'origin (APP_ORIGIN) is missing: the public origin, like https://app.example.com',
  )
  requireText(
    options.secrets,
    'secrets (SIGRA_SECRETS) is missing: a key ring like k1:<43 base64url characters>, from 32 random bytes',
  )
  const { edge: _edge, ...rest } = options
  return rest
}

/**
 * Checks what concerns the edge.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID`, one sentence for the first mistake found.
 */
export function edgeSettings(
  options: SigraOptions,
  checked: Pick<Runtime, 'origin' | 'appName' | 'paths' | 'areas' | 'production' | 'logger'>,
): EdgeSettings {
  const { origin, appName, paths, areas, production, logger } = checked
  const edge = readEdge(options)
  const headers = edge.headers ?? {}
  checkHeaderOptions(headers)
  for (const name of switches) requireSwitch(name, edge[name])
  for (const deviation of listHeaderDeviations(headers)) logger.warn('sigra.deviation', { ...deviation })
  if (edge.dangerouslyAllowNoClientAddress) {
    logger.warn('sigra.dangerous_option', { option: 'dangerouslyAllowNoClientAddress' })
  }
  const areaRoutes = areas.flatMap(({ routes }) => routes ?? [])
  const ownRoutes = createRouteSet([
    ...routesOf(checked, ...accountPages),
    ...areaRoutes.map(({ path }) => path),
    ...MAILBOX,
  ])
  const additional = listOf('additionalOrigins', edge.additionalOrigins)
  const exempt = listOf('exemptRoutes', edge.exemptRoutes)
  return {
    origin,
    allowedOrigins: new Set([
      origin.origin,
      ...additional.map((text) => parseAdditionalOrigin(text, origin)),
    ]),
    paths,
    areas,
    ownRoutes,
    greetingRoutes: createRouteSet([
      ...routesOf(checked, ...GREETING_PAGES),
      ...areaRoutes.filter(({ isGreeting }) => isGreeting).map(({ path }) => path),
    ]),
    noLandingRoutes: createRouteSet([...routesOf(checked, ...NO_LANDING), ...stepPaths(checked)]),
    body: BODY_LIMIT,
    exemptPaths: new Set(exempt.map((route) => parseExemptRoute(route, ownRoutes))),
    production,
    trustedProxies: parseTrustedProxies(
      'trustedProxies' in edge ? edge.trustedProxies : process.env['TRUSTED_PROXIES'],
      production,
    ),
    cookies: createCookieSettings(
      origin,
      appName,
      'cookieDomain' in edge ? edge.cookieDomain : process.env['COOKIE_DOMAIN'],
    ),
    headers,
    clearSiteDataOnLogOut: edge.clearSiteDataOnLogOut ?? false,
    allowNoClientAddress: !production || (edge.dangerouslyAllowNoClientAddress ?? false),
  }
}

function readEdge({ edge = {} }: SigraOptions): EdgeOptions {
  if (typeof edge !== 'object' || edge === null) throw new ConfigInvalid('edge must be an object')
  refuseUnknown(edge, knownOptions, (key) => `"edge.${key}" is not an option of Sigra`)
  return edge
}

function listOf<T>(name: string, value: readonly T[] | undefined): readonly T[] {
  if (value === undefined || Array.isArray(value)) return value ?? []
  throw new ConfigInvalid(`${name} must be a list`)
}

function requireText(value: unknown, sentence: string): void {
  if (typeof value !== 'string' || value === '') throw new ConfigInvalid(sentence)
}
