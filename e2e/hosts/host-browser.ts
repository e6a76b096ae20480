import { randomInt } from 'node:crypto'
import type { StartedHost } from './started-hosts.ts'

/** A page, and what Remix calls its route in `_data` requests. */
export interface Page {
  path: string
  route: string
}

export interface Answer {
  status: number
  headers: Headers
  body: string
  /** Where the browser is sent, by whatever means this kind of request knows. */
  redirect: string | null
}

export interface Sent {
  method?: string
  form?: Record<string, string>
  headers?: Record<string, string>
}

/** How a page is asked for: as a document, or by the framework's client for its data. */
export type Kind = 'document' | 'data'

const OWN_FORM = { 'Sec-Fetch-Site': 'same-origin' }

/** A browser in front of a host: keeps cookies, follows nothing, and says where its forms come from. */
export class HostBrowser {
  readonly cookies = new Map<string, string>()
  readonly #host: StartedHost
  readonly #address = `203.0.${randomInt(256)}.${randomInt(256)}`

  constructor(host: StartedHost) {
    this.#host = host
  }

  /** The value of the cookie whose name ends so: `sid`, `browser`, `flash`. */
  cookie(ending: string): string | undefined {
    return [...this.cookies].find(([name]) => name.endsWith(ending))?.[1]
  }

  /** @param query Of the page itself, without `?`. */
  ask(kind: Kind, page: Page, sent: Sent = {}, query = ''): Promise<Answer> {
    const { path, route } = page
    if (kind === 'document') return this.send(withQuery(path, query), sent)
    if (this.#host.dataRequests === '_data')
      return this.send(withQuery(path, query, `_data=${encodeURIComponent(route)}`), sent)
    return this.send(withQuery(path === '/' ? `/${this.#host.dataRequests}` : `${path}.data`, query), sent)
  }

  /** The data of a page's own route, without that of its parents. */
  askChild(page: Page): Promise<Answer> {
    if (this.#host.dataRequests === '_data') return this.ask('data', page)
    return this.send(`${page.path}.data?_routes=${encodeURIComponent(this.#host.detailsRoute)}`)
  }

  async send(path: string, { method, form, headers = {} }: Sent = {}): Promise<Answer> {
    const body = form === undefined ? {} : { body: new URLSearchParams(form) }
    const actual = method ?? (form === undefined ? 'GET' : 'POST')
    const own = actual === 'GET' ? {} : { ...OWN_FORM, Origin: this.#host.origin }
    const cookies = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(this.#host.origin + path, {
      method: actual,
      redirect: 'manual',
      ...body,
      headers: {
        'X-Forwarded-For': this.#address,
        ...(cookies === '' ? {} : { Cookie: cookies }),
        ...own,
        ...headers,
      },
    })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text,
      redirect: redirectOf(response, text),
    }
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ')
    const equals = pair.indexOf('=')
    if (attributes.includes('Max-Age=0')) this.cookies.delete(pair.slice(0, equals))
    else this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1))
  }
}

function withQuery(path: string, ...parts: string[]): string {
  const query = parts.filter((part) => part !== '').join('&')
  return query === '' ? path : `${path}?${query}`
}

/** Documents say it by `Location`, `_data` requests by a header of their own, `.data` requests in their stream. */
function redirectOf({ status, headers }: Response, body: string): string | null {
  const header = headers.get('location') ?? headers.get('x-remix-redirect')
  if (header !== null || status !== 202) return header
  const values: unknown = JSON.parse(body.split('\n', 1)[0] ?? '')
  return Array.isArray(values) ? String(values[values.indexOf('redirect') + 1]) : null
}
