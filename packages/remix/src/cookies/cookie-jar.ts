import type { CookieKind, CookieSettings } from './cookie-settings.ts'

/** The cookies an answer is to set. The last word about a cookie is the only one that leaves. */
export interface CookieJar {
  /** @param maxAgeSeconds `null`: until the browser closes. */
  set(kind: CookieKind, value: string, maxAgeSeconds: number | null): void
  clear(kind: CookieKind): void
  /** The `Set-Cookie` values not handed out yet; asking again gives none. */
  take(): string[]
  readonly isEmpty: boolean
}

const VALUE = /^[\w.\-~+/]*$/ // every value of ours is base64url with dots

export function createCookieJar(settings: CookieSettings): CookieJar {
  const pending = new Map<CookieKind, string>()
  const write = (kind: CookieKind, value: string, maxAgeSeconds: number | null) => {
    if (!VALUE.test(value)) throw new TypeError('A cookie value holds a character it cannot hold.')
    const life = maxAgeSeconds === null ? '' : `; Max-Age=${Math.floor(maxAgeSeconds)}`
    pending.set(kind, `${settings.names[kind]}=${value}${life}${attributes(settings)}`)
  }
  return {
    set: write,
    clear: (kind) => write(kind, '', 0),
    take() {
      const values = [...pending.values()]
      pending.clear()
      return values
    },
    get isEmpty() {
      return pending.size === 0
    },
  }
}

function attributes({ secure, domain }: CookieSettings): string {
  return `; Path=/${domain === null ? '' : `; Domain=${domain}`}; HttpOnly${secure ? '; Secure' : ''}; SameSite=Lax`
}
