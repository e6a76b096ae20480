import { ConfigInvalid } from '@sigra/core'

/** The security headers of every answer. A header that a response brings itself is kept. */
export interface HeaderOptions {
  /**
   * Outside our own routes the policy is enforced, or only reported while an existing app is moved to it. Our own
   * routes always enforce it. @default 'enforce'
   */
  contentSecurityPolicy?: 'enforce' | 'report-only'
  /** Sources to allow beside our own origin, by directive: `{ 'img-src': ['https://images.example.com'] }`. */
  allow?: Readonly<Record<string, readonly string[]>>
  /** `Strict-Transport-Security`, sent in production on https. */
  strictTransportSecurity?: {
    /** @default 31_536_000, one year */
    maxAgeSeconds?: number
    /** Only when every subdomain speaks https, for good. @default false */
    includeSubDomains?: boolean
    /** @default false */
    preload?: boolean
  }
}

const KEYS = ['contentSecurityPolicy', 'allow', 'strictTransportSecurity']
const HSTS_KEYS = ['maxAgeSeconds', 'includeSubDomains', 'preload']
const FIXED = new Set(['object-src', 'base-uri', 'frame-ancestors'])

/** @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first mistake. */
export function checkHeaderOptions(options: HeaderOptions): void {
  refuseUnknown('headers', options, KEYS)
  refuseUnknown('headers.strictTransportSecurity', options.strictTransportSecurity ?? {}, HSTS_KEYS)
  const { contentSecurityPolicy } = options
  if (contentSecurityPolicy !== undefined && !['enforce', 'report-only'].includes(contentSecurityPolicy)) {
    throw new ConfigInvalid("headers.contentSecurityPolicy must be 'enforce' or 'report-only'")
  }
  for (const [directive, sources] of Object.entries(options.allow ?? {})) checkSources(directive, sources)
}

function checkSources(directive: string, sources: readonly string[]): void {
  if (!/^[a-z]+(?:-[a-z]+)*$/.test(directive) || FIXED.has(directive)) {
    throw new ConfigInvalid(`headers.allow: "${directive}" is not a directive that can be widened`)
  }
  if (!Array.isArray(sources) || sources.some((source) => !/^[^\s;,]+$/.test(source))) {
    throw new ConfigInvalid(`headers.allow["${directive}"] must be a list of sources, each without spaces`)
  }
  if (directive.startsWith('script-src') && sources.some((source) => source.startsWith("'unsafe-"))) {
    throw new ConfigInvalid(`headers.allow["${directive}"] must not hold an 'unsafe-…' source`)
  }
}

function refuseUnknown(name: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) throw new ConfigInvalid(`"${name}.${unknown}" is not an option of Sigra`)
}
