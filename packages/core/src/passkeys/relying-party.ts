import { ConfigInvalid } from '../errors.ts'

/** Who a passkey is for, as the configuration says it. Never taken from a request. */
export interface RelyingParty {
  /** The domain passkeys belong to, such as `example.com`; see `checkRpId`. */
  rpId: string
  /** What a browser may show while it asks. */
  rpName: string
  /** The one origin ceremonies happen at, such as `https://app.example.com`. */
  origin: string
}

// Suffixes below which anybody can register: browsers refuse them as RP id (they know the whole public suffix list),
// this only says so at the start instead of at the first sign-in.
const SHARED_SUFFIX = /^(?:(?:ac|co|com|edu|gov|net|org)\.)?[a-z]{2}$|^[^.]+$/

/** Whether anybody can register below a domain, as far as that can be told without the list of browsers: `com`, `co.uk`. */
export function isSharedSuffix(domain: string): boolean {
  return domain === '' || SHARED_SUFFIX.test(domain)
}

/**
 * Refuses an RP id that no browser would accept for this origin: it must be the origin's host, or a domain above it
 * that can be registered. Passkeys follow the RP id: a change of it makes every enrolled one useless.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when they do not fit, when the host is an IP address, or when the
 *   origin is http anywhere but on `localhost`.
 */
export function checkRpId(rpId: string, origin: string): void {
  const host = requireHost(origin)
  if (rpId === host) return
  const isAbove = rpId === readHost(`https://${rpId}`) && host.endsWith(`.${rpId}`)
  if (!isAbove || isSharedSuffix(rpId)) {
    throw new ConfigInvalid(
      `rpId must be "${host}", the host of the origin, or a domain above it that is yours.`,
    )
  }
}

function requireHost(origin: string): string {
  const url = URL.parse(origin)
  if (url?.origin !== origin || !/^https?:$/.test(url.protocol)) {
    throw new ConfigInvalid(
      'The origin of passkeys is a scheme, a host and perhaps a port, with nothing behind it.',
    )
  }
  // WebAuthn wants a domain (https://www.w3.org/TR/webauthn-3/#rp-id) in a secure context.
  if (/^\[|^[\d.]+$/.test(url.hostname)) {
    throw new ConfigInvalid(
      'Passkeys need a host name: browsers refuse them on an IP address. Use http://localhost.',
    )
  }
  if (url.protocol === 'http:' && !/(^|\.)localhost$/.test(url.hostname)) {
    throw new ConfigInvalid('Passkeys need https; http is for localhost alone.')
  }
  return url.hostname
}

function readHost(origin: string): string | null {
  return URL.parse(origin)?.hostname ?? null
}
