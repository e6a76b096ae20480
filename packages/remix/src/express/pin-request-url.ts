import type { IncomingMessage } from 'node:http'

/**
 * Makes scheme and host those of the configuration, whatever `Host`, `X-Forwarded-Host`, `Forwarded` or an
 * absolute-form request line say; Express and React Router's adapter build `request.url` from what is left.
 *
 * @returns The path of the request.
 */
export function pinRequestUrl(req: IncomingMessage & { originalUrl?: string }, origin: URL): string {
  const target = pathOf(req.url ?? '/')
  req.url = target
  req.originalUrl = target
  req.headers.host = origin.host
  delete req.headers['x-forwarded-host']
  delete req.headers['x-forwarded-proto']
  delete req.headers.forwarded
  // Express reads it from the socket, which behind a proxy speaks http.
  Object.defineProperty(req, 'protocol', { value: origin.protocol.slice(0, -1), configurable: true })
  return target.split('?', 1)[0] ?? '/'
}

/** RFC 9112 §3.2: a target is a path, a whole URL, or `*`. */
function pathOf(target: string): string {
  if (target.startsWith('/')) return target
  const url = URL.parse(target)
  return url === null || !/^https?:$/.test(url.protocol) ? '/' : url.pathname + url.search
}
