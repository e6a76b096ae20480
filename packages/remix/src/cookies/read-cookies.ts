import type { CookieKind, CookieSettings } from './cookie-settings.ts'

export interface RequestCookies {
  /** Value as sent; absent, or sent more than once: `null`. */
  readonly values: Readonly<Record<Exclude<CookieKind, 'flow'>, string | null>>
  /** Those of flows by what names each, in the order they came. */
  readonly flows: ReadonlyMap<string, string>
  /** Names of ours that came more than once: someone else can write cookies here (a sibling subdomain, a deeper path). */
  readonly duplicated: readonly string[]
  /** Whether any cookie of ours came, however broken. */
  readonly hasOurs: boolean
}

const FLOW_ID = /^[\w-]{12}$/ // 72 bits as base64url

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
  const valueOf = (name: string) => {
    const values = found.get(name) ?? []
    return values.length === 1 ? (values[0] ?? null) : null
  }
  const { flow, ...single } = names
  const isFlow = (name: string) => name.startsWith(`${flow}-`) && FLOW_ID.test(name.slice(flow.length + 1))
  const flowNames = [...found.keys()].filter(isFlow)
  const ours = [...Object.values(single).filter((name) => found.has(name)), ...flowNames]
  return {
    values: {
      session: valueOf(names.session),
      browser: valueOf(names.browser),
      trusted: valueOf(names.trusted),
      flash: valueOf(names.flash),
      way: valueOf(names.way),
    },
    flows: new Map(
      flowNames.flatMap((name) => {
        const value = valueOf(name)
        return value === null ? [] : [[name.slice(flow.length + 1), value]]
      }),
    ),
    duplicated: ours.filter((name) => (found.get(name) ?? []).length > 1),
    hasOurs: ours.length > 0,
  }
}

/** RFC 6265bis §5.6 trims tabs and spaces only; `trim` would make two names of one. */
function trimBlanks(text: string): string {
  return text.replaceAll(/^[ \t]+|[ \t]+$/g, '')
}
