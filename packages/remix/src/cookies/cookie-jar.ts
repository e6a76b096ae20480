import { Impossible } from '@sigra/core'
import { type CookieKey, type CookieSettings, nameCookie } from './cookie-settings.ts'

/** The cookies an answer is to set. The last word about a cookie is the only one that leaves. */
export interface CookieJar {
  /**
   * @param maxAgeSeconds `null`: until the browser closes.
   * @throws {Impossible} `SIGRA_IMPOSSIBLE` for a value that would end the cookie early: ours are base64url with dots.
   */
  set(key: CookieKey, value: string, maxAgeSeconds: number | null): void
  clear(key: CookieKey): void
  /** The `Set-Cookie` values not handed out yet; asking again gives none. */
  take(): string[]
  /** The `Set-Cookie` values of an answer that is about to leave, with all of ours among them, each once. */
  complete(values: readonly string[]): string[]
  /** Whether any cookie was ever set here, handed out or not. */
  readonly isUsed: boolean
}

const VALUE = /^[\w.\-~+/]*$/ // every value of ours is base64url with dots

/** An empty jar, for one answer. Its `set` throws `Impossible` (`SIGRA_IMPOSSIBLE`). */
export function createCookieJar(settings: CookieSettings): CookieJar {
  const last = new Map<CookieKey, string>()
  const pending = new Set<CookieKey>()
  const write = (key: CookieKey, value: string, maxAgeSeconds: number | null) => {
    if (!VALUE.test(value)) throw new Impossible('A cookie value holds a character it cannot hold.')
    const life = maxAgeSeconds === null ? '' : `; Max-Age=${Math.floor(maxAgeSeconds)}`
    last.set(key, `${nameCookie(settings, key)}=${value}${life}${attributes(settings, key)}`)
    pending.add(key)
  }
  return {
    set: write,
    clear: (key) => write(key, '', 0),
    take() {
      const values = [...last].filter(([key]) => pending.has(key)).map(([, value]) => value)
      pending.clear()
      return values
    },
    complete(values) {
      pending.clear()
      // What was handed out may have been lost with an answer that another one replaced, or is no longer the last word.
      const starts = [...last.keys()].map((key) => `${nameCookie(settings, key)}=`)
      const others = values.filter((value) => !starts.some((start) => value.startsWith(start)))
      return [...others, ...last.values()]
    },
    get isUsed() {
      return last.size > 0
    },
  }
}

function attributes({ secure, domain }: CookieSettings, key: CookieKey): string {
  const shared = key === 'session' && domain !== null ? `; Domain=${domain}` : ''
  return `; Path=/${shared}; HttpOnly${secure ? '; Secure' : ''}; SameSite=Lax`
}
