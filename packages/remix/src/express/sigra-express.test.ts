import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findState } from '../request/request-registry.ts'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { sendRequest, type SentRequest } from '../testing-only/send-request.ts'
import { sigraExpress, sigraExpressErrors } from './sigra-express.ts'

const { sigra, logged } = createOfflineSigra({
  production: true,
  edge: {
    trustedProxies: 1,
    exemptRoutes: [{ path: '/hooks/payments', reason: 'signed by the payment provider' }],
  },
})
const SECURITY_HEADERS = [
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'x-frame-options',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'strict-transport-security',
  'x-request-id',
]

let server: Server
let port: number
let bodiesRead = 0
let isBroken = false

beforeAll(async () => {
  const app = express()
  app.set('trust proxy', 1)
  app.use(
    sigraExpress({
      sigra: () => {
        if (isBroken) throw new Error('the build is broken')
        return sigra
      },
    }),
  )
  app.use(express.text({ type: () => true, verify: () => void (bodiesRead += 1) }))
  app.get('/throw', () => {
    throw new Error('CANARY in the message')
  })
  app.get('/own-headers', (_req, res) => {
    res.setHeader('Referrer-Policy', 'no-referrer')
    res.writeHead(200, { 'X-Frame-Options': 'SAMEORIGIN' })
    res.end('own')
  })
  app.get('/flash/:how', (req, res) => {
    const headers = new Headers({ 'x-sigra-request': String(req.headers['x-sigra-request']) })
    sigra.flash.set({ request: new Request('https://app.test/', { headers }) }, 'Hello')
    const own = { 'Set-Cookie': ['a=1', 'b=2'], 'Cache-Control': 'public, max-age=60' }
    if (req.params.how === 'set') res.set(own)
    else if (req.params.how === 'object') res.writeHead(200, own)
    else res.writeHead(200, 'Fine', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Cache-Control', 'public'])
    res.end('flash')
  })
  app.use('/echo', (req, res) => {
    const url = `${req.protocol}://${req.hostname}${req.originalUrl}`
    const headers = new Headers()
    for (const [name, value] of Object.entries(req.headers)) headers.set(name, String(value))
    const state = findState(new Request('https://app.test/', { headers }), null)
    res.json({
      url,
      host: req.headers.host,
      address: state?.clientAddress,
      id: state?.requestId,
      nonce: state?.nonce,
    })
  })
  app.use(sigraExpressErrors())
  server = createServer(app).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  port = (server.address() as AddressInfo).port
})

afterAll(() => new Promise((resolve) => server.close(resolve)))

beforeEach(() => {
  bodiesRead = 0
})

const send = (sent: SentRequest) => sendRequest(port, sent)
const echo = async (sent: SentRequest) => JSON.parse((await send({ path: '/echo', ...sent })).text)

describe('sigraExpress', () => {
  it.each(['Host', 'X-Forwarded-Host', 'Forwarded', 'X-Forwarded-Proto'])(
    'HOST-02: builds the URL from the configured origin, whatever %s says',
    async (name) => {
      const headers = { [name]: name === 'Forwarded' ? 'host=evil.test;proto=http' : 'evil.test' }
      expect(await echo({ headers })).toMatchObject({ url: 'https://app.test/echo', host: 'app.test' })
    },
  )

  it.each([
    ['http://evil.test/echo?a=1', 'https://app.test/echo?a=1'],
    ['/echo?next=//evil.test', 'https://app.test/echo?next=//evil.test'],
    ['//evil.test/../../echo', 'https://app.test/echo'],
  ])('HOST-01: keeps only the path of the request line %s', async (path, url) => {
    expect(await echo({ path })).toMatchObject({ url })
  })

  it('RL-03: knows the client behind one proxy, and believes one hop only', async () => {
    expect((await echo({ headers: { 'X-Forwarded-For': '1.1.1.1, ::ffff:203.0.113.9' } })).address).toBe(
      '203.0.113.9',
    )
    expect((await echo({})).address).toBe('127.0.0.1')
  })

  it('hands loaders the state of their request and nobody the state of another', async () => {
    const one = await echo({ headers: { 'X-Sigra-Request': 'forged' } })
    expect(one.id).toMatch(/^[0-9a-f-]{36}$/)
    expect((await echo({})).id).not.toBe(one.id)
  })

  it.each(['set', 'object', 'list'])(
    'HDR-03: writes the cookies that nobody wrote beside those of the host, and lets no cache keep them: %s',
    async (how) => {
      const { headers } = await send({ path: `/flash/${how}` })
      const names = (headers['set-cookie'] ?? []).map((line) => line.split('=', 1)[0])
      expect(names).toEqual(['a', 'b', '__Host-flash'])
      expect(headers['cache-control']).toBe('no-store')
    },
  )

  it('HDR-04: gives every answer a nonce of its own', async () => {
    const nonces = await Promise.all([echo({}), echo({})])
    expect(nonces[0].nonce).not.toBe(nonces[1].nonce)
    const answer = await send({ path: '/echo' })
    expect(answer.headers['content-security-policy']).toContain(`'nonce-${JSON.parse(answer.text).nonce}'`)
  })

  it.each([
    ['a page', { path: '/echo' }, 200],
    ['a URL nobody knows', { path: '/nothing' }, 404],
    ['a refusal', { path: '/users/log-in', method: 'POST', headers: { Origin: 'https://evil.test' } }, 403],
    ['an error', { path: '/throw' }, 500],
    ['HEAD', { path: '/echo', method: 'HEAD' }, 200],
    ['OPTIONS *', { path: '*', method: 'OPTIONS' }, 404],
  ])('HDR-01: %s carries every security header', async (_kind, sent, status) => {
    const answer = await send(sent)
    expect(answer.status).toBe(status)
    expect(Object.keys(answer.headers)).toEqual(expect.arrayContaining(SECURITY_HEADERS))
  })

  it('keeps a header that an answer brings itself', async () => {
    const { headers } = await send({ path: '/own-headers' })
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['x-frame-options']).toBe('SAMEORIGIN')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'CSRF-02 CSRF-06: refuses a %s of another site before its body is read',
    async (method) => {
      for (const path of ['/users/log-in', '/users/log-in.data', '/dashboard', '/nothing']) {
        const headers = { Cookie: '__Host-sid=x', 'Sec-Fetch-Site': 'cross-site', Origin: 'https://app.test' }
        const answer = await send({ path, method, headers, body: 'email=a' })
        expect({ path, status: answer.status }).toEqual({ path, status: 403 })
        expect(answer.text).toContain(String(answer.headers['x-request-id']))
        expect(answer.headers['cache-control']).toBe('no-store')
      }
      expect(bodiesRead).toBe(0)
    },
  )

  it('CSRF-01: refuses it on our routes without any cookie too', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' }
    expect((await send({ path: '/users/register', method: 'POST', headers })).status).toBe(403)
  })

  it.each([
    '/x/../users/register',
    '/x/%2e%2E/users/register',
    '/./users/register',
    '/x\\..\\users/register',
  ])('CSRF-01 HDR-01: knows our routes through dot segments too: %s', async (path) => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' }
    expect((await send({ path, method: 'POST', headers })).status).toBe(403)
    expect((await send({ path })).headers['cache-control']).toBe('no-store')
  })

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/json'])(
    'CSRF-06: refuses a body of type %s alike',
    async (type) => {
      const headers = { Cookie: '__Host-sid=x', Origin: 'https://evil.test', 'Content-Type': type }
      expect((await send({ path: '/echo', method: 'POST', headers, body: '{}' })).status).toBe(403)
    },
  )

  it('PWD-01: answers a client that is still sending, and forgets the rest', async () => {
    const body = 'x'.repeat(500_000)
    const answer = await send({
      path: '/users/log-in',
      method: 'POST',
      headers: { Origin: 'https://evil.test' },
      body,
    })
    expect(answer.status).toBe(403)
    expect(bodiesRead).toBe(0)
  })

  it('lets webhooks and listed routes through', async () => {
    const foreign = { Origin: 'https://payments.test', 'Sec-Fetch-Site': 'cross-site' }
    expect((await send({ path: '/echo', method: 'POST', headers: foreign })).status).toBe(200)
    const listed = { ...foreign, Cookie: '__Host-sid=x' }
    expect((await send({ path: '/hooks/payments', method: 'POST', headers: listed })).status).toBe(404)
    expect((await send({ path: '/hooks/other', method: 'POST', headers: listed })).status).toBe(403)
  })

  it('logs a refusal with its request id and reason, and nothing of the request', async () => {
    const headers = { Origin: 'https://evil.test/CANARY', Cookie: '__Host-sid=CANARY' }
    const answer = await send({ path: '/users/log-in?CANARY', method: 'POST', headers })
    const line = logged.findLast(({ event }) => event === 'request.refused')
    expect(line?.fields).toMatchObject({
      requestId: answer.headers['x-request-id'],
      reason: 'foreign-origin',
      origin: null,
      expected: ['https://app.test'],
    })
    await send({ path: '/users/log-in', method: 'POST', headers: { Origin: 'https://evil.test' } })
    expect(logged.at(-1)?.fields).toMatchObject({ origin: 'https://evil.test' })
    expect(JSON.stringify(line)).not.toContain('CANARY')
  })

  it('CFG-04: tells a visitor the request id and the operator the error', async () => {
    const answer = await send({ path: '/throw' })
    expect(answer.text).not.toContain('CANARY')
    expect(answer.text).toContain(String(answer.headers['x-request-id']))
    expect(logged.at(-1)).toMatchObject({
      event: 'request.failed',
      fields: { requestId: answer.headers['x-request-id'], message: 'CANARY in the message' },
    })
  })

  it('hands on what keeps the app from loading', async () => {
    isBroken = true
    try {
      expect((await send({})).status).toBe(500)
    } finally {
      isBroken = false
    }
  })
})
