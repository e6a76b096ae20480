import { type Brand, type Bytes, createRandomToken, isRandomToken, sha256, systemRandom } from '@sigra/core'

/** The stable random id of a browser, held in its cookie. It proves nothing: it tells a known browser from another. */
export type BrowserToken = Brand<string, 'BrowserToken'>

/** Makes the id of a browser seen for the first time. Tests pass their own `fillRandom`. */
export function createBrowserToken(fillRandom = systemRandom): BrowserToken {
  return createRandomToken(fillRandom) as BrowserToken
}

/** Reads a cookie value; `null` for anything `createBrowserToken` cannot have made. */
export function parseBrowserToken(value: unknown): BrowserToken | null {
  return isRandomToken(value) ? (value as BrowserToken) : null
}

/** The form the database holds. */
export function hashBrowserToken(token: BrowserToken): Bytes {
  return sha256(token)
}

/** Of the browser a request came from; `null` for one that has no id yet. */
export function browserHashOf({ browserToken }: { browserToken: BrowserToken | null }): Bytes | null {
  return browserToken === null ? null : hashBrowserToken(browserToken)
}
