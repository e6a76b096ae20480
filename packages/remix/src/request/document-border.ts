import type { Edge, EdgeSettings } from '../edge.ts'
import { localPath } from '../redirects.ts'
import { normalisedUrl } from './normalised-url.ts'
import { routedPath } from './own-route.ts'
import type { RequestState } from './request-state.ts'

/**
 * Whether React Router's client asks for the data of the page it is about to show. A fetcher stays on its page: it names
 * the one route it wants. (A navigation that leaves out every other route looks the same, and is taken for one.)
 */
export function isDataNavigation(method: string, url: URL): boolean {
  if (method !== 'GET' || !url.pathname.endsWith('.data')) return false
  const routes = url.searchParams.get('_routes')
  return routes === null || routes.includes(',')
}

/**
 * In an app whose own pages are only watched, a policy of two kinds holds, and a document keeps the one it came with. So
 * going from a page of the host to one of ours, or back, takes a new document.
 *
 * @returns The page to load as a document, or `null` for everything else.
 */
export function crossedTo(edge: Edge, state: RequestState, request: Request): string | null {
  const { settings } = edge
  if (settings.headers.contentSecurityPolicy !== 'report-only' || !state.isDataNavigation) return null
  const isOwn = settings.ownRoutes.has(state.path)
  if (isFromOwn(settings, request.headers.get('referer')) === isOwn) return null
  const { pathname, search } = normalisedUrl({ request })
  return localPath(settings, pathname + search)
}

/** Our pages always say where they are (`Referrer-Policy: same-origin`): who does not is a page of the host's. */
function isFromOwn({ ownRoutes }: EdgeSettings, referer: string | null): boolean {
  const from = referer === null ? null : URL.parse(referer)
  return from !== null && ownRoutes.has(routedPath(from.pathname))
}
