import { type IncomingHttpHeaders, request } from 'node:http'

export interface SentRequest {
  method?: string
  /** Of the request line, as it is: also `http://evil.test/` or `*`. */
  path?: string
  headers?: Record<string, string | string[]>
  body?: string
}

export interface ReceivedAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Sends what no `fetch` would: any request line, any `Host`. */
export function sendRequest(port: number, sent: SentRequest = {}): Promise<ReceivedAnswer> {
  const { method = 'GET', path = '/', headers = {}, body = '' } = sent
  const length = body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
  const options = { host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } }
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
