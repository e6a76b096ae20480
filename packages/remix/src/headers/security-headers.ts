import type { EdgeSettings } from '../edge.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'

const YEAR_SECONDS = 31_536_000

/**
 * The headers every answer carries, whatever its status.
 *
 * @param path The routed path, or `null` where it cannot be read.
 */
export function securityHeaders(
  settings: EdgeSettings,
  path: string | null,
  nonce: string,
): Record<string, string> {
  const isOwn = settings.ownRoutes.has(path)
  const { contentSecurityPolicy: mode = 'enforce', allow = {} } = settings.headers
  const isEnforced = isOwn || mode === 'enforce'
  const policy = contentSecurityPolicy(nonce, { development: !settings.production, allow })
  return {
    [isEnforced ? 'Content-Security-Policy' : 'Content-Security-Policy-Report-Only']: policy,
    'X-Content-Type-Options': 'nosniff',
    // Under `no-referrer` a plain form would post `Origin: null`, and be refused.
    'Referrer-Policy': isOwn ? 'same-origin' : 'strict-origin-when-cross-origin',
    ...(isEnforced
      ? {
          'X-Frame-Options': 'DENY',
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Resource-Policy': 'same-origin',
        }
      : {}),
    ...strictTransportSecurity(settings),
  }
}

function strictTransportSecurity(settings: EdgeSettings): Record<string, string> {
  if (!settings.production || settings.origin.protocol !== 'https:') return {}
  const {
    maxAgeSeconds = YEAR_SECONDS,
    includeSubDomains = false,
    preload = false,
  } = settings.headers.strictTransportSecurity ?? {}
  const subdomains = includeSubDomains ? '; includeSubDomains' : ''
  return { 'Strict-Transport-Security': `max-age=${maxAgeSeconds}${subdomains}${preload ? '; preload' : ''}` }
}
