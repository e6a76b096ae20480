export interface RedirectOptions {
  /** The app's own origin, from configuration. */
  origin: string
  /** Paths nobody may be sent to after signing in (auth, token and API routes): `/users`, `/api` … */
  refusedPrefixes: readonly string[]
}

const MAX_LENGTH = 2048

/**
 * Reads a `redirectTo`: a path on our own origin in its normalised spelling, or `null`. Check it where it comes in
 * and again where it is used.
 *
 * Nothing is ever decoded in what is returned: `/%2f%2fevil.test` stays the inert path it is.
 */
export function parseRedirectTo(value: unknown, options: RedirectOptions): string | null {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return null
  // Browsers drop tabs and line breaks and read `\` as `/`: neither may take part in the decision.
  if (!/^\/(?![/\\])/.test(value) || /[\p{Cc}\\]/u.test(value)) return null
  const base = URL.parse(options.origin)
  const target = base && URL.parse(value, base)
  if (!target || target.origin !== base.origin || !/^https?:$/.test(target.protocol)) return null
  if (target.pathname.startsWith('//')) return null // from `/.//evil.test`
  if (isRefused(target.pathname, options.refusedPrefixes)) return null
  return target.pathname + target.search + target.hash
}

/** Compares as routers match: decoded, without regard to case or doubled slashes. */
function isRefused(pathname: string, refusedPrefixes: readonly string[]): boolean {
  const path = routedPath(pathname)
  if (path === null || path.endsWith('.data')) return true // a router's data request is no page
  return refusedPrefixes.some((prefix) => {
    const refused = routedPath(prefix)?.replace(/\/$/, '') ?? ''
    return refused !== '' && (path === refused || path.startsWith(`${refused}/`))
  })
}

function routedPath(path: string): string | null {
  try {
    return decodeURIComponent(path)
      .replaceAll(/[/\\]+/g, '/')
      .toLowerCase()
  } catch {
    return null // not UTF-8 behind its percent signs: no route of ours
  }
}
