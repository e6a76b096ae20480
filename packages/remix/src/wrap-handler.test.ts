import { describe, expect, it } from 'vitest'
import { findState } from './request/request-registry.ts'
import { createOfflineSigra } from './testing-only/offline-sigra.ts'
import { wrapHandler } from './wrap-handler.ts'

const { sigra, logged } = createOfflineSigra({ production: true, edge: { trustedProxies: 0 } })
const wrap = (handler: (request: Request) => Response | Promise<Response>) =>
  wrapHandler((request: Request, _peer: string) => handler(request), {
    sigra: () => sigra,
    socketAddress: (_request, peer) => peer,
  })
const call = (
  handler: (request: Request) => Response | Promise<Response>,
  url = 'http://evil.test/page?a=1',
  init?: RequestInit,
) => wrap(handler)(new Request(url, init), '203.0.113.9')

describe('wrapHandler', () => {
  it('HOST-02: gives the handler a URL of the configured origin', async () => {
    let seen: Request | undefined
    await call(
      (request) => {
        seen = request
        return new Response('ok')
      },
      'http://evil.test/page?a=1',
      { headers: { 'X-Forwarded-Host': 'evil.test', Forwarded: 'host=evil.test' } },
    )
    expect(seen?.url).toBe('https://app.test/page?a=1')
    expect(seen?.headers.get('x-forwarded-host')).toBeNull()
    expect(seen?.headers.get('forwarded')).toBeNull()
  })

  it('HDR-03: writes each cookie once beside those of the host, and lets no cache keep them', async () => {
    const answer = await call((request) => {
      sigra.flash.set({ request }, 'Hello')
      const headers = sigra.headers({ request }) // handed out, and part of the answer
      headers.append('Set-Cookie', 'theirs=1')
      headers.set('Cache-Control', 'public, max-age=60')
      return new Response('ok', { headers })
    })
    const names = answer.headers.getSetCookie().map((line) => line.split('=', 1)[0])
    expect(names.toSorted()).toEqual(['__Host-flash', 'theirs'])
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('writes cookies that were handed out and then lost', async () => {
    const answer = await call((request) => {
      sigra.flash.set({ request }, 'Hello')
      sigra.headers({ request })
      return new Response('ok')
    })
    expect(answer.headers.getSetCookie()).toHaveLength(1)
  })

  it('keeps method and body', async () => {
    const answer = await call(
      async (request) => new Response(`${request.method} ${await request.text()}`),
      'http://evil.test/hook',
      { method: 'POST', body: 'hello' },
    )
    expect(await answer.text()).toBe('POST hello')
  })

  it('knows the client and its state until the answer was read', async () => {
    let later: Request | undefined
    const answer = await call((request) => {
      later = request
      return new Response('streamed')
    })
    const state = () => later && findState(later, null)
    expect(state()).toMatchObject({
      clientAddress: '203.0.113.9',
      requestId: answer.headers.get('x-request-id'),
    })
    await answer.text()
    expect(state()).toBeNull()
  })

  it('forgets the state of an answer nobody reads to its end', async () => {
    let later: Request | undefined
    const answer = await call((request) => {
      later = request
      return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1)) }))
    })
    await answer.body?.cancel()
    expect(later && findState(later, null)).toBeNull()
  })

  it('believes no handle a client made up', async () => {
    const answer = await call(
      (request) => new Response(request.headers.get('x-sigra-request')),
      'https://app.test/',
      { headers: { 'x-sigra-request': 'forged' } },
    )
    expect(await answer.text()).not.toBe('forged')
  })

  it('CSRF-02: refuses before the handler is asked, with every header', async () => {
    let asked = 0
    const answer = await call(() => new Response(String((asked += 1))), 'https://app.test/users/log-in', {
      method: 'POST',
      headers: { Origin: 'https://evil.test' },
    })
    expect(answer.status).toBe(403)
    expect(asked).toBe(0)
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('HDR-01 CFG-04: answers a thrown error with headers and request id, and no word of it', async () => {
    const answer = await call(() => {
      throw new Error('CANARY')
    })
    expect(answer.status).toBe(500)
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
    const text = await answer.text()
    expect(text).toContain(answer.headers.get('x-request-id'))
    expect(text).not.toContain('CANARY')
    expect(logged.at(-1)?.event).toBe('request.failed')
  })

  it('INJ-02: logs hostile text encoded and bounded', async () => {
    await call(() => {
      throw new Error(`\r\n{"forged":"line"}\u001b[31m\u202e${'x'.repeat(1_000_000)}`)
    })
    const message = String(logged.at(-1)?.fields['message'])
    expect(message.length).toBeLessThanOrEqual(2000)
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})
