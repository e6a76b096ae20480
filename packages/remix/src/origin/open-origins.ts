import { ConfigInvalid, isSharedSuffix } from '@sigra/core'
import { routedPath, type RouteSet } from '../request/own-route.ts'

export interface ExemptRoute {
  /** Path of one route of the host that other sites may post to, for example `/webhooks/payments`. */
  path: string
  /** Why that is safe. */
  reason: string
}

/**
 * Reads one of `additionalOrigins`, as browsers send it.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for what no browser sends (a wildcard, a path), and for what would be
 *   refused all the same: another site, whose forms arrive as `Sec-Fetch-Site: cross-site`.
 */
export function parseAdditionalOrigin(text: string, origin: URL): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (url === null || url.origin !== text || !text.startsWith('https://')) {
    throw new ConfigInvalid('additionalOrigins must hold origins like https://shop.example.com')
  }
  if (!/^[a-z0-9.-]+$/.test(url.hostname)) {
    throw new ConfigInvalid(
      `additionalOrigins: ${text} names no one host; list each origin, without wildcards`,
    )
  }
  if (text === origin.origin) throw new ConfigInvalid(`additionalOrigins: ${text} is the origin itself`)
  if (url.hostname !== origin.hostname && isSharedSuffix(sharedParent(url.hostname, origin.hostname))) {
    throw new ConfigInvalid(
      `additionalOrigins: ${text} is another site than ${origin.hostname}, and forms from another site are refused`,
    )
  }
  return text
}

/**
 * Reads one of `exemptRoutes` into the path that a router matches.
 *
 * @param ownRoutes Our own: no exemption counts there.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a pattern, a query, a route of ours, or without a reason.
 */
export function parseExemptRoute(route: ExemptRoute, ownRoutes: RouteSet): string {
  const unknown = Object.keys(Object(route)).find((key) => key !== 'path' && key !== 'reason')
  if (unknown !== undefined)
    throw new ConfigInvalid(`exemptRoutes: "${unknown}" is not known; give path and reason`)
  const { path, reason } = route
  const routed = typeof path === 'string' && path.startsWith('/') ? routedPath(path) : null
  if (routed === null || /[*:?#]/.test(routed)) {
    throw new ConfigInvalid('exemptRoutes: path must be the path of one route, like /webhooks/payments')
  }
  if (ownRoutes.has(routed)) {
    throw new ConfigInvalid(`exemptRoutes: ${path} is a page of Sigra, whose origin is always checked`)
  }
  if (typeof reason !== 'string' || reason.trim() === '') {
    throw new ConfigInvalid(`exemptRoutes: ${path} needs a reason`)
  }
  return routed
}

/** The domain that two hosts have in common: `example.com`, or `''`. */
function sharedParent(one: string, other: string): string {
  const labels = one.split('.').toReversed()
  const others = other.split('.').toReversed()
  const shared = labels.findIndex((label, index) => label !== others[index])
  return labels
    .slice(0, shared === -1 ? labels.length : shared)
    .toReversed()
    .join('.')
}
