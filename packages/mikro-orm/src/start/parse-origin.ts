import { ConfigInvalid } from '@sigra/core'

export interface OriginCheck {
  production: boolean
  allowLoopbackHttp: boolean
  /** What the reader of a refusal would set. @default 'dangerouslyAllowLoopbackHttp' */
  allowedBy?: string
}

/**
 * Reads the public origin of the app.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for anything but https, or http on this machine where that may be.
 */
export function parseOrigin(
  text: string,
  { production, allowLoopbackHttp, allowedBy = 'dangerouslyAllowLoopbackHttp' }: OriginCheck,
): URL {
  const example = 'an origin like https://app.example.com'
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (!url) throw new ConfigInvalid(`origin must be ${example}`)
  if (url.origin !== text && `${url.origin}/` !== text) {
    throw new ConfigInvalid(`origin must be ${example}, without a path, a query, a user or a default port`)
  }
  if (url.protocol === 'https:') return url
  const isLoopback = /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'http:' || !isLoopback) {
    throw new ConfigInvalid('origin must be https; http is for localhost in development only')
  }
  if (production && !allowLoopbackHttp) {
    throw new ConfigInvalid(`origin must be https in production (${allowedBy} is for tests)`)
  }
  return url
}
