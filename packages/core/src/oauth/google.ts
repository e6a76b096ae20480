import { createOidcProvider, type OidcOptions } from './oidc.ts'
import type { Provider } from './provider.ts'

/** What an app says of Google: what its console calls client ID and client secret. */
export interface GoogleOptions extends Pick<OidcOptions, 'clientId' | 'clientSecret' | 'scopes' | 'prompt'> {}

const ISSUER = 'https://accounts.google.com'
const OWN_DOMAINS = new Set(['gmail.com', 'googlemail.com'])

/**
 * Google. Whose address it is Google knows for its own mailboxes, and for a domain that it hosts (`hd`): for others
 * somebody once proved it, and may have lost it since.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming what is missing.
 */
export function google(options: GoogleOptions): Provider {
  return createOidcProvider({ ...options, id: 'google', label: 'Google', issuer: ISSUER }, trustGoogle)
}

/** Exported for its test. */
export function trustGoogle(
  claims: Readonly<Record<string, unknown>>,
  domain: string,
): { isVerified: boolean; isAuthoritative: boolean } {
  const { hd } = claims
  const isHosted = typeof hd === 'string' && hd.toLowerCase() === domain
  return {
    isVerified: claims['email_verified'] === true,
    isAuthoritative: OWN_DOMAINS.has(domain) || isHosted,
  }
}
