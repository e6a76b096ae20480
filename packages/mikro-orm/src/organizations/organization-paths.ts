import { ConfigInvalid } from '@sigra/core'

const SLUG = ':slug'
const PATH = /^(?:\/[a-z0-9-]+)+\/:slug$/

/**
 * Where pages of organizations are: everything below a path belongs to the organization that it names.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a path that does not end in the slug.
 */
export function parseOrganizationPaths(paths: readonly string[]): readonly string[] {
  const isList = Array.isArray(paths) && paths.length > 0
  const wrong = isList ? paths.find((path) => typeof path !== 'string' || !PATH.test(path)) : paths
  if (wrong === undefined) return paths
  throw new ConfigInvalid(
    `organizations: paths must be a list of paths that end in the slug, like ['/organizations/:slug'], not ${JSON.stringify(wrong)}`,
  )
}

/** @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for what is no path. */
export function parseLinkPath(option: string, path: string): string {
  if (typeof path === 'string' && /^(?:\/[a-z0-9][a-z0-9-]*)+$/.test(path)) return path
  throw new ConfigInvalid(
    `organizations: ${option} must be a path like /invitations, in lower case and without a slash at its end`,
  )
}

/** The part of a path that stands where one of `paths` has its slug; `null` where none leads there. */
export function routedWithin(paths: readonly string[], path: string): string | null {
  for (const pattern of paths) {
    const before = pattern.slice(0, -SLUG.length)
    if (path.startsWith(before) && path.length > before.length)
      return path.slice(before.length).split('/', 1)[0] ?? ''
  }
  return null
}

/** The same path in another organization. */
export function replaceSlug(paths: readonly string[], path: string, slug: string): string {
  for (const pattern of paths) {
    const before = pattern.slice(0, -SLUG.length)
    if (!path.toLowerCase().startsWith(before)) continue
    return before + slug + path.slice(before.length).replace(/^[^/]*/, '')
  }
  return path
}
