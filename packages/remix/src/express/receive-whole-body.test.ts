import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { sigraExpress } from './sigra-express.ts'

const { sigra } = createOfflineSigra({ production: true })
const { edge } = sigra
let seconds: number

let server: Server
let port: number
/** Requests that got past the wrapper, and what was read of each. */
let reached: { path: string; body: Promise<string> }[] = []
let arrived = 0

beforeAll(async () => {
  const app = express()
  app.use((_req, _res, next) => {
    arrived += 1
    next()
  })
  app.use(
    sigraExpress({
      sigra: () => ({
        edge: { ...edge, settings: { ...edge.settings, body: { maxBytes: 64 * 1024, seconds } } },
      }),
    }),
  )
  app.use((req, res, next) => {
    const body = readAll(req)
    reached.push({ path: req.url, body })
    body.then(({ length }) => res.end(`read ${length}`), next)
  })
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address ? address.port : 0
})

afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

beforeEach(() => {
  ;[reached, arrived, seconds] = [[], 0, 60]
})

async function readAll(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A connection, and all that came back on it so far. */
function open(): { socket: Socket; text: () => string; closed: Promise<unknown> } {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  socket.on('error', () => undefined) // a connection that is closed under a client that is still sending
  return { socket, text: () => text, closed: once(socket, 'close') }
}

const head = (path: string, ...headers: string[]) =>
  [`POST ${path} HTTP/1.1`, 'Host: app.test', 'Origin: https://app.test', ...headers, '', ''].join('\r\n')
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

describe('a body sent to a page of ours', () => {
  it.each(['/users/settings', '/users/settings.data', '//users//settings', '/users/%73ettings'])(
    'SESS-22: reaches nobody before it is whole, and whole then: %s',
    async (path) => {
      const { socket, text, closed } = open()
      socket.write(head(path, 'Content-Length: 9', 'Connection: close') + 'password')
      await expect.poll(() => arrived).toBe(1)
      // Another request on another connection goes all the way meanwhile.
      const other = open()
      other.socket.write(head('/users/confirm/confirm/other', 'Content-Length: 1', 'Connection: close') + 'x')
      await other.closed
      expect(reached.map((each) => each.path)).toEqual(['/users/confirm/confirm/other'])
      socket.write('!')
      await closed
      expect(text()).toContain('read 9')
      expect(await reached[1]?.body).toBe('password!')
    },
  )

  it('may come in pieces and without a length', async () => {
    const { socket, text, closed } = open()
    socket.write(head('/users/log-in', 'Transfer-Encoding: chunked', 'Connection: close'))
    for (const piece of ['email=', 'ada%40', 'example.com']) socket.write(chunk(piece))
    socket.write('0\r\n\r\n')
    await closed
    expect(text()).toContain('HTTP/1.1 200')
    expect(await reached[0]?.body).toBe('email=ada%40example.com')
  })

  it('may be as large as it may be, and empty', async () => {
    const { socket, text, closed } = open()
    socket.write(head('/users/confirm/confirm/a', `Content-Length: ${64 * 1024}`) + 'x'.repeat(64 * 1024))
    socket.write(head('/users/confirm/confirm/b', 'Transfer-Encoding: chunked') + '0\r\n\r\n')
    socket.write(head('/users/confirm/confirm/c', 'Connection: close'))
    await closed
    expect(text().match(/read \d+/g)).toEqual(['read 65536', 'read 0', 'read 0'])
  })

  it('is asked for where its sender waits to be asked', async () => {
    const { socket, text, closed } = open()
    socket.write(
      head('/users/confirm/confirm/a', 'Expect: 100-continue', 'Content-Length: 2', 'Connection: close'),
    )
    await expect.poll(text).toContain('100 Continue')
    socket.write('hi')
    await closed
    expect(text()).toContain('read 2')
  })

  it('leaves the connection to the next request', async () => {
    const { socket, text, closed } = open()
    socket.write(head('/users/confirm/confirm/a', 'Content-Length: 1') + 'x')
    await expect.poll(text).toContain('read 1')
    socket.write(head('/users/confirm/confirm/b', 'Content-Length: 2', 'Connection: close') + 'xy')
    await closed
    expect(text()).toContain('read 2')
  })

  it.each([
    ['announced', head('/users/confirm/confirm/a', 'Content-Length: 65537')],
    [
      'that comes without a length',
      head('/users/confirm/confirm/a', 'Transfer-Encoding: chunked') +
        chunk('x'.repeat(40_000)) +
        chunk('x'.repeat(40_000)),
    ],
  ])('SESS-22: is refused by 413 where it is too large, %s, and the connection closed', async (_, sent) => {
    const { socket, text } = open()
    socket.write(sent)
    await expect.poll(() => socket.destroyed).toBe(true)
    expect(text()).toMatch(/^HTTP\/1.1 413 [^]*connection: close/i)
    expect(text()).toContain('too large')
    expect(reached).toEqual([])
  })

  it('SESS-22: is refused by 408 where it is not whole in time, however steadily it trickles', async () => {
    seconds = 0.5
    const { socket, text } = open()
    socket.write(head('/users/confirm/confirm/a', 'Content-Length: 60000'))
    const trickle = setInterval(() => socket.write('x'), 50)
    await expect
      .poll(() => socket.destroyed)
      .toBe(true)
      .finally(() => clearInterval(trickle))
    expect(text()).toMatch(/^HTTP\/1.1 408 [^]*connection: close/i)
    expect(reached).toEqual([])
  })

  it('SESS-22: is nobody’s where the client goes away, and no request behind a refused one is looked at', async () => {
    const gone = open()
    gone.socket.write(`${head('/users/confirm/confirm/gone', 'Content-Length: 5')}x`)
    await expect.poll(() => arrived).toBe(1)
    gone.socket.destroy()
    const behind = open()
    behind.socket.write(
      head('/users/confirm/confirm/a', 'Content-Length: 70000') +
        'x'.repeat(70_000) +
        head('/users/confirm/confirm/behind'),
    )
    await expect.poll(() => behind.socket.destroyed).toBe(true)
    expect(behind.text()).toMatch(/^HTTP\/1.1 413 /)
    expect(behind.text().match(/HTTP\/1.1/g)).toHaveLength(1)
    expect(reached).toEqual([])
  })
})

describe('a body sent to a page of the host', () => {
  it('is left alone: it may be large and take its time', async () => {
    seconds = 0.01
    const { socket, text, closed } = open()
    socket.write(`${head('/uploads', `Content-Length: ${100_001}`, 'Connection: close')}x`)
    await expect.poll(() => reached.length).toBe(1)
    socket.write('x'.repeat(100_000))
    await closed
    expect(text()).toContain('read 100001')
  })
})
