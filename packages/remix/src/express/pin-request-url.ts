import type { IncomingMessage } from 'node:http'

/**
 * Makes scheme and host those of the configuration, whatever `Host`, `X-Forwarded-Host`, `Forwarded` or an
 * absolute-form request line say; Express and React Router's adapter build `request.url` from what is left.
 *
 * @returns The URL of the request, as it resolves.
 */
export function pinRequestUrl(req: IncomingMessage & { originalUrl?: string }, origin: URL): URL {
  const url = resolveTarget(req.url ?? '/', origin)
  const { pathname, search } = url
  req.url = pathname + search
  req.originalUrl = pathname + search
  req.headers.host = origin.host
  delete req.headers['x-forwarded-host']
  delete req.headers['x-forwarded-proto']
  delete req.headers.forwarded
  // Express reads it from the socket, which behind a proxy speaks http.
  Object.defineProperty(req, 'protocol', { value: origin.protocol.slice(0, -1), configurable: true })
  return url
}

/**
 * RFC 9112 §3.2: a target is a path, a whole URL, or `*`. Dot segments are resolved here, once: whoever builds a URL
 * resolves them too, and must not come to another page than the rules looked at.
 */
function resolveTarget(target: string, origin: URL): URL {
  const url = URL.parse(target.startsWith('/') ? origin.origin + target : target)
  return url !== null && /^https?:$/.test(url.protocol) ? url : new URL('/', origin)
}
