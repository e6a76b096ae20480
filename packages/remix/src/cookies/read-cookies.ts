import type { CookieKind, CookieSettings } from './cookie-settings.ts'

export interface RequestCookies {
  /** Value as sent; absent, or sent more than once: `null`. */
  readonly values: Readonly<Record<CookieKind, string | null>>
  /** Names of ours that came more than once: someone else can write cookies here (a sibling subdomain, a deeper path). */
  readonly duplicated: readonly string[]
  /** Whether any cookie of ours came, however broken. */
  readonly hasOurs: boolean
}

/** Reads our cookies from a `Cookie` header. Nothing is decoded: our values need no encoding. */
export function readCookies(header: string | null, settings: CookieSettings): RequestCookies {
  const found = new Map<string, string[]>()
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 0) continue
    const name = trimBlanks(pair.slice(0, equals))
    const values = found.get(name)
    if (values) values.push(trimBlanks(pair.slice(equals + 1)))
    else found.set(name, [trimBlanks(pair.slice(equals + 1))])
  }
  const { names } = settings
  const single = (name: string) => {
    const values = found.get(name) ?? []
    return values.length === 1 ? (values[0] ?? null) : null
  }
  const ours = Object.values(names).filter((name) => found.has(name))
  return {
    values: {
      session: single(names.session),
      flow: single(names.flow),
      browser: single(names.browser),
      trusted: single(names.trusted),
      flash: single(names.flash),
    },
    duplicated: ours.filter((name) => (found.get(name) ?? []).length > 1),
    hasOurs: ours.length > 0,
  }
}

/** RFC 6265bis §5.6 trims tabs and spaces only; `trim` would make two names of one. */
function trimBlanks(text: string): string {
  return text.replaceAll(/^[ \t]+|[ \t]+$/g, '')
}
