import { Impossible } from '@sigra/core'
import type { CookieKind, CookieSettings } from './cookie-settings.ts'

/** The cookies an answer is to set. The last word about a cookie is the only one that leaves. */
export interface CookieJar {
  /**
   * @param maxAgeSeconds `null`: until the browser closes.
   * @throws {Impossible} `SIGRA_IMPOSSIBLE` for a value that would end the cookie early: ours are base64url with dots.
   */
  set(kind: CookieKind, value: string, maxAgeSeconds: number | null): void
  clear(kind: CookieKind): void
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
  const last = new Map<CookieKind, string>()
  const pending = new Set<CookieKind>()
  const write = (kind: CookieKind, value: string, maxAgeSeconds: number | null) => {
    if (!VALUE.test(value)) throw new Impossible('A cookie value holds a character it cannot hold.')
    const life = maxAgeSeconds === null ? '' : `; Max-Age=${Math.floor(maxAgeSeconds)}`
    last.set(kind, `${settings.names[kind]}=${value}${life}${attributes(settings, kind)}`)
    pending.add(kind)
  }
  return {
    set: write,
    clear: (kind) => write(kind, '', 0),
    take() {
      const values = [...last].filter(([kind]) => pending.has(kind)).map(([, value]) => value)
      pending.clear()
      return values
    },
    complete(values) {
      pending.clear()
      // What was handed out may have been lost with an answer that another one replaced, or is no longer the last word.
      const starts = [...last.keys()].map((kind) => `${settings.names[kind]}=`)
      const others = values.filter((value) => !starts.some((start) => value.startsWith(start)))
      return [...others, ...last.values()]
    },
    get isUsed() {
      return last.size > 0
    },
  }
}

function attributes({ secure, domain }: CookieSettings, kind: CookieKind): string {
  const shared = kind === 'session' && domain !== null ? `; Domain=${domain}` : ''
  return `; Path=/${shared}; HttpOnly${secure ? '; Secure' : ''}; SameSite=Lax`
}
