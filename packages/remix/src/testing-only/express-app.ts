import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import express from 'express'
import type { Edge } from '../edge.ts'
import { sigraExpress } from '../express/sigra-express.ts'
import type { TestApp } from './test-app.ts'

export interface ExpressApp {
  port: number
  /** Requests that have come so far: each is in the hands of the wrapper. */
  readonly arrived: number
  close(): Promise<void>
}

/** A real server: Express, the wrapper, and a React Router app behind it. */
export async function createExpressApp(edge: Edge, app: TestApp): Promise<ExpressApp> {
  const host = express()
  let arrived = 0
  host.use((_req, _res, next) => {
    arrived += 1
    next()
  })
  host.use(sigraExpress({ sigra: () => ({ edge }) }))
  host.use((req, res, next) => {
    answer(app, req, res).catch(next)
  })
  const server: Server = createServer(host).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    get arrived() {
      return arrived
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** As the adapters of the frameworks do it. */
async function answer(app: TestApp, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers)) headers.set(name, String(value))
  const method = req.method ?? 'GET'
  const body = method === 'GET' || method === 'HEAD' ? null : Readable.toWeb(req)
  const init = { method, headers, body, duplex: 'half' } as RequestInit // Node's stream type is not the web's
  const response = await app(new Request(`https://app.test${req.url}`, init))
  res.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') res.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) res.setHeader('Set-Cookie', cookies)
  res.end(Buffer.from(await response.arrayBuffer()))
}

export interface HeldRequest {
  socket: Socket
  /** All that came back, once the server has closed the connection. */
  answered: Promise<string>
}

/** Sends the head of a request and what there is of its body, byte by byte as it is. */
export function holdRequest(port: number, head: readonly string[], body: string): HeldRequest {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const answered = new Promise<string>((resolve, reject) => {
    socket.once('close', () => resolve(Buffer.concat(chunks).toString()))
    socket.once('error', reject)
  })
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  return { socket, answered }
}
