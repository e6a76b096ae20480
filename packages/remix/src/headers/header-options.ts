import { ConfigInvalid } from '@sigra/core'
import { explainSource, isWidened } from './policy-source.ts'

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
    /** Only with `includeSubDomains` and a year or more: the lists of browsers take nothing else. @default false */
    preload?: boolean
  }
}

const KEYS = ['contentSecurityPolicy', 'allow', 'strictTransportSecurity']
const HSTS_KEYS = ['maxAgeSeconds', 'includeSubDomains', 'preload']
const ONE_YEAR_SECONDS = 31_536_000
const MAX_AGE_SECONDS = 10 * ONE_YEAR_SECONDS

/** @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first mistake. */
export function checkHeaderOptions(options: HeaderOptions): void {
  refuseUnknown('headers', options, KEYS)
  refuseUnknown('headers.strictTransportSecurity', options.strictTransportSecurity ?? {}, HSTS_KEYS)
  const { contentSecurityPolicy } = options
  if (contentSecurityPolicy !== undefined && !['enforce', 'report-only'].includes(contentSecurityPolicy)) {
    throw new ConfigInvalid("headers.contentSecurityPolicy must be 'enforce' or 'report-only'")
  }
  checkTransport(options.strictTransportSecurity ?? {})
  for (const [directive, sources] of Object.entries(options.allow ?? {})) checkSources(directive, sources)
}

/** What of the headers is allowed and weaker than the default, for the start to name. */
export function listHeaderDeviations(options: HeaderOptions): { setting: string; message: string }[] {
  const deviations = []
  if (options.contentSecurityPolicy === 'report-only') {
    deviations.push({
      setting: 'headers.contentSecurityPolicy',
      message: "Pages of the app's own only report what the Content-Security-Policy would stop.",
    })
  }
  if ((options.strictTransportSecurity?.maxAgeSeconds ?? ONE_YEAR_SECONDS) < ONE_YEAR_SECONDS) {
    deviations.push({
      setting: 'headers.strictTransportSecurity.maxAgeSeconds',
      message: 'Browsers forget in less than a year that this app speaks https alone.',
    })
  }
  return deviations
}

function checkTransport(options: NonNullable<HeaderOptions['strictTransportSecurity']>): void {
  const { maxAgeSeconds = ONE_YEAR_SECONDS, includeSubDomains = false, preload = false } = options
  const name = 'headers.strictTransportSecurity'
  if (!Number.isInteger(maxAgeSeconds) || maxAgeSeconds < 0 || maxAgeSeconds > MAX_AGE_SECONDS) {
    throw new ConfigInvalid(
      `${name}.maxAgeSeconds must be a whole number of seconds from 0 to ${MAX_AGE_SECONDS}`,
    )
  }
  if (typeof includeSubDomains !== 'boolean' || typeof preload !== 'boolean') {
    throw new ConfigInvalid(`${name}.includeSubDomains and preload must be true or false`)
  }
  // https://hstspreload.org: anything less is not taken up.
  if (preload && (!includeSubDomains || maxAgeSeconds < ONE_YEAR_SECONDS)) {
    throw new ConfigInvalid(
      `${name}.preload has no effect without includeSubDomains and a maxAgeSeconds of a year`,
    )
  }
}

function checkSources(directive: string, sources: readonly string[]): void {
  if (!isWidened(directive)) {
    throw new ConfigInvalid(`headers.allow: "${directive}" is not a directive that can be widened`)
  }
  if (!Array.isArray(sources) || sources.some((source) => !/^[^\s;,]+$/.test(source))) {
    throw new ConfigInvalid(`headers.allow["${directive}"] must be a list of sources, each without spaces`)
  }
  for (const source of sources) {
    const problem = explainSource(directive, source)
    if (problem !== null) throw new ConfigInvalid(`headers.allow["${directive}"]: ${source} ${problem}`)
  }
}

function refuseUnknown(name: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) throw new ConfigInvalid(`"${name}.${unknown}" is not an option of Sigra`)
}
