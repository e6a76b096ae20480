/**
 * The path a router would match: decoded once, without regard to case, doubled slashes or the suffix of a data
 * request. `null` when it cannot be decoded.
 */
export function routedPath(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname)
      .replaceAll(/[/\\]+/g, '/')
      .toLowerCase()
    return path
      .replace(/\/_?\.data$/, '/')
      .replace(/\.data$/, '')
      .replace(/(.)\/$/, '$1')
  } catch {
    return null
  }
}

/** Whether `path` is one of `prefixes` or below one. A path that cannot be read counts as ours: it gets the strict rule. */
export function isBelow(path: string | null, prefixes: readonly string[]): boolean {
  return path === null || prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))
}
