import { request as httpRequest } from 'node:http'
import { freshAddress } from './test.ts'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  setCookies: string[]
  body: string
  /** Where a redirect points, as a path when it is local. */
  location: string | null
}

export interface Ask {
  method?: string
  form?: Record<string, string> | [string, string][]
  /** A raw body instead of a form. */
  body?: string | Uint8Array
  headers?: Record<string, string | undefined>
}

/**
 * A client that keeps cookies and adds nothing of its own: what a browser would add (`Origin`, `Sec-Fetch-Site`) is
 * there by default and can be replaced or, with `undefined`, taken away.
 */
export class Client {
  readonly cookies = new Map<string, string>()
  readonly address = freshAddress()

  async ask(path: string, { method = 'GET', form, body, headers = {} }: Ask = {}): Promise<Answer> {
    const origin = originOfApp()
    const safe = method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
    const payload = body ?? (form === undefined ? undefined : new URLSearchParams(form).toString())
    const all: Record<string, string | undefined> = {
      Host: new URL(origin).host,
      'X-Forwarded-For': this.address,
      'User-Agent': 'black box',
      'Sec-Fetch-Site': safe ? 'none' : 'same-origin',
      ...(safe ? {} : { Origin: origin }),
      ...(form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
      ...(payload === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(payload)) }),
      ...(this.cookies.size === 0 ? {} : { Cookie: this.cookieHeader }),
      ...headers,
    }
    const sent = Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
    const answer = await send(origin, path, method, sent, payload)
    for (const cookie of answer.setCookies) this.#keep(cookie)
    return answer
  }

  get(path: string, headers?: Ask['headers']): Promise<Answer> {
    return this.ask(path, headers === undefined ? {} : { headers })
  }

  post(path: string, form: NonNullable<Ask['form']>, headers?: Ask['headers']): Promise<Answer> {
    return this.ask(path, { method: 'POST', form, ...(headers === undefined ? {} : { headers }) })
  }

  /** The value of the cookie whose name ends so: `sid`, `flow`, `browser`, `flash`. */
  cookie(ending: string): string | undefined {
    return [...this.cookies].find(([name]) => name.endsWith(ending))?.[1]
  }

  /** What it sends as `Cookie`. */
  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';')
    const [name = '', value = ''] = pair.split('=')
    const gone = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute)) || value === ''
    if (gone) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

export function originOfApp(): string {
  return process.env['E2E_ORIGIN'] ?? ''
}

function send(
  origin: string,
  path: string,
  method: string,
  headers: Record<string, string>,
  payload: string | Uint8Array | undefined,
): Promise<Answer> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, path, method, headers, setHost: false, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { location } = response.headers
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            setCookies: response.headers['set-cookie'] ?? [],
            body: Buffer.concat(chunks).toString('utf8'),
            location:
              location?.startsWith(origin) === true ? location.slice(origin.length) : (location ?? null),
          })
        })
      },
    )
    request.on('error', (error) => reject(new Error(`${method} ${path}: ${error.message}`)))
    request.end(payload)
  })
}

/** What two answers must share to tell nothing apart: nonces, request ids and dates removed, addresses replaced. */
export function withoutNoise(answer: Answer, typed: readonly string[] = []): unknown {
  const clean = (text: string) =>
    typed
      .reduce((rest, part) => rest.replaceAll(part, '…').replaceAll(encodeURIComponent(part), '…'), text)
      .replaceAll(/nonce(?:="|-|\\?":\\?")[\w+/=-]+/g, 'nonce')
      .replaceAll(/(?<=[?&]f=)[\w-]{12}/g, '…')
      .replaceAll(/[\w-]{8}-[\w-]{4}-[\w-]{4}-[\w-]{4}-[\w-]{12}/g, 'uuid')
  const { date: _date, 'x-request-id': _id, 'set-cookie': _cookies, etag: _etag, ...headers } = answer.headers
  return {
    status: answer.status,
    location: answer.location === null ? null : clean(answer.location),
    headers: clean(JSON.stringify(headers)).replaceAll(/"content-length":"\d+",?/g, ''),
    cookies: answer.setCookies
      .map((cookie) => cookie.replace(/(?<=flow-)[\w-]{12}(?==)/, '…').replace(/=[^;]*/, '=…'))
      .toSorted(),
    body: clean(answer.body),
  }
}
