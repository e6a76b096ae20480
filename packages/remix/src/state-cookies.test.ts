import { describe, expect, it } from 'vitest'
import type { RequestArgs } from './request/request-args.ts'
import { createOfflineSigra } from './testing-only/offline-sigra.ts'

const { sigra } = createOfflineSigra()

const visit = (cookie: string | null, path = '/'): RequestArgs => ({
  request: new Request(`https://app.test${path}`, cookie === null ? {} : { headers: { cookie } }),
})

/** What the browser sends next: the cookies it was just given. */
function cookiesOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

describe('flash', () => {
  it('reaches every loader of the next request, and no request after it', async () => {
    const first = visit(null)
    const cookie = cookiesOf(sigra.redirect(first, '/', { flash: 'Saved.' }).headers)
    expect(cookie).not.toContain('Saved')

    const second = visit(cookie)
    expect(await sigra.flash.read(second)).toBe('Saved.')
    expect(await sigra.flash.read(second)).toBe('Saved.')
    expect(sigra.headers(second).getSetCookie()).toEqual([
      '__Host-flash=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
    ])
  })

  it('survives being read and set in one request', async () => {
    const first = visit(null)
    sigra.flash.set(first, 'One.')
    const second = visit(cookiesOf(sigra.headers(first)))
    sigra.flash.set(second, 'Two.')
    expect(await sigra.flash.read(second)).toBe('One.')
    expect(await sigra.flash.read(visit(cookiesOf(sigra.headers(second))))).toBe('Two.')
  })

  it('carries what was typed as an address, sealed, with a message and without one', async () => {
    const email = 'Ann@example.com'
    const cookie = cookiesOf(sigra.redirect(visit(null), '/', { flash: 'Sent.', email }).headers)
    expect(cookie).not.toContain('Ann')
    const second = visit(cookie)
    expect(await sigra.flash.read(second)).toBe('Sent.')
    expect(await sigra.flash.readEmail(second)).toBe(email)

    const alone = visit(cookiesOf(sigra.redirect(visit(null), '/', { email }).headers))
    expect(await sigra.flash.read(alone)).toBeNull()
    expect(await sigra.flash.readEmail(alone)).toBe(email)
    expect(await sigra.flash.readEmail(visit(null))).toBeUndefined()

    const typed = visit(null)
    sigra.flash.setEmail(typed, email)
    sigra.flash.setEmail(typed, 'what the loader of the page had before')
    expect(await sigra.flash.readEmail(visit(cookiesOf(sigra.headers(typed))))).toBe(email)
  })

  it.each(['', 'garbage', 'v1.k1.AAAA', '%00'])('takes nothing from a forged cookie: "%s"', async (value) => {
    expect(await sigra.flash.read(visit(`__Host-flash=${value}`))).toBeNull()
  })
})

describe('mail flow', () => {
  const start = (cookie: string | null, token: unknown) =>
    sigra.startMailFlow(visit(cookie), 'confirm', token, '/users/confirm/continue')
  const fOf = (response: Response) =>
    new URL(response.headers.get('location') ?? '', 'https://app.test').searchParams.get('f') ?? ''

  it('TOK-09: takes the token out of the address, unseen by referrers, caches and scripts', async () => {
    const response = await start(null, 'TOKEN')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toMatch(/^\/users\/confirm\/continue\?f=[\w-]{12}$/)
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(JSON.stringify([...response.headers])).not.toContain('TOKEN')
    expect(response.headers.getSetCookie()[0]).toContain('Max-Age=3600; Path=/; HttpOnly; Secure')
  })

  it('hands the token to the page that names the flow, by URL or by form', async () => {
    const response = await start(null, 'TOKEN')
    const f = fOf(response)
    const cookie = cookiesOf(response.headers)
    expect(await sigra.readMailFlow(visit(cookie), 'confirm', f)).toEqual({ f, token: 'TOKEN' })
    expect(await sigra.readMailFlow(visit(cookie, `/x?f=${f}`), 'confirm')).toEqual({ f, token: 'TOKEN' })
  })

  it('TOK-03 TOK-11: gives it to no other purpose, no other name and no other browser', async () => {
    const response = await start(null, 'TOKEN')
    const cookie = cookiesOf(response.headers)
    expect(await sigra.readMailFlow(visit(cookie), 'reset-password', fOf(response))).toBeNull()
    expect(await sigra.readMailFlow(visit(cookie), 'confirm', 'other')).toBeNull()
    expect(await sigra.readMailFlow(visit(cookie), 'confirm')).toBeNull()
    expect(await sigra.readMailFlow(visit(null), 'confirm', fOf(response))).toBeNull()
    expect(await sigra.readMailFlow(visit(`${cookie}x`), 'confirm', fOf(response))).toBeNull()
  })

  it('keeps the four latest of several tabs', async () => {
    let cookie: string | null = null
    const names: string[] = []
    for (const token of ['a', 'b', 'c', 'd', 'e']) {
      const response = await start(cookie, token)
      cookie = cookiesOf(response.headers)
      names.push(fOf(response))
    }
    const found = await Promise.all(names.map((f) => sigra.readMailFlow(visit(cookie), 'confirm', f)))
    expect(found.map((flow) => flow?.token)).toEqual([undefined, 'b', 'c', 'd', 'e'])
  })

  it('opens the same link twice as one flow, so that the tab opened first stays good', async () => {
    const first = await start(null, 'a')
    const second = await start(cookiesOf(first.headers), 'a')
    const args = visit(cookiesOf(second.headers))
    expect(fOf(second)).toBe(fOf(first))
    expect(await sigra.readMailFlow(args, 'confirm', fOf(first))).toMatchObject({ token: 'a' })
  })

  it('ends one flow and leaves the others', async () => {
    const first = await start(null, 'a')
    const second = await start(cookiesOf(first.headers), 'b')
    const args = visit(cookiesOf(second.headers))
    await sigra.endMailFlow(args, fOf(first))
    expect(await sigra.readMailFlow(args, 'confirm', fOf(first))).toBeNull()
    await sigra.endMailFlow(args, fOf(second))
    expect(sigra.headers(args).getSetCookie()[0]).toContain('__Host-flow=; Max-Age=0')
  })

  it.each([undefined, 7, 'x'.repeat(300)])(
    'carries a token that can be none as an invalid one',
    async (token) => {
      const response = await start(null, token)
      const flow = await sigra.readMailFlow(visit(cookiesOf(response.headers)), 'confirm', fOf(response))
      expect(flow?.token).toBe('')
    },
  )

  it('stays below what a browser keeps', async () => {
    let cookie: string | null = null
    for (const letter of 'abcd') cookie = cookiesOf((await start(cookie, letter.repeat(256))).headers)
    expect(cookie?.length).toBeLessThan(4096)
  })
})
