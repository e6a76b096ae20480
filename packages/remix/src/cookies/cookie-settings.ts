import { ConfigInvalid, isSharedSuffix } from '@sigra/core'

export type CookieKind = 'session' | 'flow' | 'browser' | 'trusted' | 'flash' | 'way'

/** One cookie of ours. Each flow has its own: answers that cross take nothing from each other. */
export type CookieKey = Exclude<CookieKind, 'flow'> | `flow-${string}`

export interface CookieSettings {
  readonly names: Readonly<Record<CookieKind, string>>
  readonly secure: boolean
  /** Parent domain that the session is shared with, or `null`: every cookie is for this host alone. */
  readonly domain: string | null
}

const SUFFIXES: Record<CookieKind, string> = {
  session: 'sid',
  flow: 'flow',
  browser: 'browser',
  trusted: 'trusted',
  flash: 'flash',
  way: 'way',
}

/**
 * Names follow the origin: `__Host-` on https, and on http (loopback) the app's name and port, because cookies do not
 * tell ports apart and two local apps would share them. With a parent domain the session is `__Secure-`, and only it:
 * a sibling can plant what is shared, and a planted browser id would make a victim's confirmation look like the
 * registering browser's.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `cookieDomain` is not the origin's host or a parent of it.
 */
export function createCookieSettings(
  origin: URL,
  appName: string,
  cookieDomain: string | undefined,
): CookieSettings {
  const domain = parseDomain(cookieDomain, origin)
  const secure = origin.protocol === 'https:'
  const prefix = secure ? '__Host-' : localPrefix(appName, origin)
  return {
    names: {
      session: (secure && domain !== null ? '__Secure-' : prefix) + SUFFIXES.session,
      flow: prefix + SUFFIXES.flow,
      browser: prefix + SUFFIXES.browser,
      trusted: prefix + SUFFIXES.trusted,
      flash: prefix + SUFFIXES.flash,
      way: prefix + SUFFIXES.way,
    },
    secure,
    domain,
  }
}

function localPrefix(appName: string, origin: URL): string {
  const app = appName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return `${app || 'app'}_${origin.port || '80'}_`
}

/** The name of a cookie, as it stands in headers. */
export function nameCookie({ names }: CookieSettings, key: CookieKey): string {
  return isFlow(key) ? names.flow + key.slice('flow'.length) : names[key]
}

function isFlow(key: CookieKey): key is `flow-${string}` {
  return key.startsWith('flow-')
}

function parseDomain(cookieDomain: string | undefined, origin: URL): string | null {
  if (cookieDomain === undefined || cookieDomain === '') return null
  const domain = cookieDomain.replace(/^\./, '').toLowerCase()
  const isParent = origin.hostname === domain || origin.hostname.endsWith(`.${domain}`)
  const isAddress = /^[\d.]+$/.test(domain)
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(domain) || isAddress || !isParent) {
    throw new ConfigInvalid(
      `cookieDomain (COOKIE_DOMAIN) must be a parent domain of ${origin.hostname}, such as example.com for app.example.com`,
    )
  }
  if (isSharedSuffix(domain)) {
    throw new ConfigInvalid(
      `cookieDomain (COOKIE_DOMAIN): browsers keep no cookie for ${domain}, which is shared`,
    )
  }
  return domain
}
