import { type Brand, type Bytes, decodeCanonical, encodeBase64Url, sha256, systemRandom } from '@sigra/core'

/** The stable random id of a browser, held in its cookie. It proves nothing: it tells a known browser from another. */
export type BrowserToken = Brand<string, 'BrowserToken'>

const TOKEN_BYTES = 32

/** Makes the id of a browser seen for the first time. Tests pass their own `fillRandom`. */
export function createBrowserToken(fillRandom = systemRandom): BrowserToken {
  const bytes = new Uint8Array(TOKEN_BYTES)
  fillRandom(bytes)
  return encodeBase64Url(bytes) as BrowserToken
}

/** Reads a cookie value; `null` for anything `createBrowserToken` cannot have made. */
export function parseBrowserToken(value: unknown): BrowserToken | null {
  const bytes = typeof value === 'string' ? decodeCanonical(value) : null
  return bytes?.length === TOKEN_BYTES ? (value as BrowserToken) : null
}

/** The form the database holds. */
export function hashBrowserToken(token: BrowserToken): Bytes {
  return sha256(token)
}
