/** Routes, asked about by the path that a router would match. */
export interface RouteSet {
  /** A path that cannot be read (`null`) is in every set: it gets the strict rule. */
  has(path: string | null): boolean
}

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

/**
 * @param routes As a router takes them: `/users/confirm`, `/users/confirm/:token`. What stands for a parameter may hold
 *   anything, a slash behind a percent sign included, so everything below its place is in the set.
 */
export function createRouteSet(routes: readonly string[]): RouteSet {
  const pages = new Set(routes.filter((route) => !route.includes(':')))
  const places = routes.filter((route) => route.includes(':')).map((route) => route.replace(/:.*$/, ''))
  return { has: (path) => path === null || pages.has(path) || places.some((place) => path.startsWith(place)) }
}
