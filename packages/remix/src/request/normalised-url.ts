import type { RequestArgs } from './request-args.ts'

/**
 * The URL of the page, as a person would see it: without the `.data` suffix and the `_routes` and `index` parameters
 * React Router adds. Return paths come from here.
 */
export function normalisedUrl(args: Pick<RequestArgs, 'request' | 'url'>): URL {
  const url = new URL(args.url ?? args.request.url)
  url.pathname = url.pathname.replace(/\/(?:_|_root)\.data$/, '/').replace(/\.data$/, '')
  url.searchParams.delete('_routes')
  // `?index` names a route; `?index=1` is a parameter of the host's.
  if (url.searchParams.getAll('index').includes('')) url.searchParams.delete('index', '')
  return url
}
