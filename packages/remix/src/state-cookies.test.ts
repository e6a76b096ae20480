import { createSelector, deriveMailedToken } from '@sigra/core'
import { describe, expect, it } from 'vitest'
import type { RequestArgs } from './request/request-args.ts'
import { createOfflineSigra } from './testing-only/offline-sigra.ts'

const { sigra } = createOfflineSigra()

/** A link as a mail holds it. */
function createLink(): string {
  const { ring } = sigra.edge.runtime
  return deriveMailedToken(ring, 'confirm', ring.currentKeyId, createSelector())?.text ?? ''
}

const TOKEN = createLink()
const [a, b, c, d, e] = [createLink(), createLink(), createLink(), createLink(), createLink()]

const visit = (cookie: string | null, path = '/'): RequestArgs => ({
  request: new Request(`https://app.test${path}`, cookie === null ? {} : { headers: { cookie } }),
})

/** What the browser sends next: what it had, and what it was just given. */
function cookiesOf(headers: Headers, before: string | null = null): string {
  const cookies = new Map((before ?? '').split('; ').map((pair) => pair.split('=', 2) as [string, string]))
  for (const line of headers.getSetCookie()) {
    const [name = '', value = ''] = line.split(';', 1)[0]?.split('=', 2) ?? []
    if (line.includes('Max-Age=0')) cookies.delete(name)
    else cookies.set(name, value)
  }
  cookies.delete('')
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
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

  it('takes a key of the app’s own list along, with what its sentence names', async () => {
    const first = visit(null)
    sigra.flash.set(first, ['passkey-added', 'Blue phone'])
    const second = visit(cookiesOf(sigra.headers(first)))
    expect(await sigra.flash.read(second)).toEqual(['passkey-added', 'Blue phone'])
    expect(await sigra.flash.read(second)).toEqual(['passkey-added', 'Blue phone'])
  })

  it('survives being read and set in one request', async () => {
    const first = visit(null)
    sigra.flash.set(first, 'One.')
    const second = visit(cookiesOf(sigra.headers(first)))
    sigra.flash.set(second, 'Two.')
    expect(await sigra.flash.read(second)).toBe('One.')
    expect(await sigra.flash.read(visit(cookiesOf(sigra.headers(second))))).toBe('Two.')
  })

  it.each(['', 'garbage', 'v1.k1.AAAA', '%00'])('takes nothing from a forged cookie: "%s"', async (value) => {
    expect(await sigra.flash.read(visit(`__Host-flash=${value}`))).toBeNull()
  })
})

describe('a typed address', () => {
  const email = 'Ann@example.com'
  const carry = (cookie: string | null, typed = email) => {
    const { headers } = sigra.redirect(visit(cookie), '/users/log-in', { flash: 'Sent.', email: typed })
    return { path: headers.get('location') ?? '', cookie: cookiesOf(headers, cookie) }
  }

  it('goes along to the next page, sealed, and is there after a reload', async () => {
    const { path, cookie } = carry(null)
    expect(path).toMatch(/^\/users\/log-in\?f=[\w-]{12}$/)
    expect(path + cookie).not.toContain('Ann')
    for (const _ of [1, 2]) expect(await sigra.typedEmail.read(visit(cookie, path))).toBe(email)
  })

  it('is kept for thirty minutes', () => {
    const { headers } = sigra.redirect(visit(null), '/users/log-in', { flash: 'Sent.', email })
    const lines = headers.getSetCookie().filter((line) => line.startsWith('__Host-flow-'))
    expect(lines).toEqual([expect.stringContaining('Max-Age=1800;')])
  })

  it('is shown to nobody who opens the page afresh', async () => {
    const { path, cookie } = carry(null)
    expect(await sigra.typedEmail.read(visit(cookie, '/users/log-in'))).toBeUndefined()
    expect(await sigra.typedEmail.read(visit(cookie, '/users/log-in?f=other'))).toBeUndefined()
    expect(await sigra.typedEmail.read(visit(null, path))).toBeUndefined()
  })

  it('is no token, and a token is no address', async () => {
    const { path, cookie } = carry(null)
    expect(await sigra.readMailFlow(visit(cookie, path), 'confirm')).toBeNull()
    const landing = await sigra.startMailFlow(visit(null), 'confirm', TOKEN, '/users/confirm/continue')
    const location = landing.headers.get('location') ?? ''
    expect(await sigra.typedEmail.read(visit(cookiesOf(landing.headers), location))).toBeUndefined()
  })

  it('ends, with everything else that was left, where somebody types another one', async () => {
    const first = carry(null)
    const landing = await sigra.startMailFlow(visit(first.cookie), 'reset-password', TOKEN, '/continue')
    const second = carry(cookiesOf(landing.headers, first.cookie), 'bob@example.com')
    expect(await sigra.typedEmail.read(visit(second.cookie, second.path))).toBe('bob@example.com')
    expect(await sigra.typedEmail.read(visit(second.cookie, first.path))).toBeUndefined()
    const back = visit(second.cookie, landing.headers.get('location') ?? '')
    expect(await sigra.readMailFlow(back, 'reset-password')).toBeNull()
  })

  it('ends with a log-out, and so do opened links and messages', async () => {
    const { path, cookie } = carry(null)
    const leaving = visit(cookie)
    await sigra.accounts.logOutUser(leaving)
    const cleared = sigra.headers(leaving).getSetCookie()
    for (const name of [`flow-${path.slice(-12)}`, 'flash']) {
      expect(cleared.filter((line) => line.startsWith(`__Host-${name}=; Max-Age=0`))).toHaveLength(1)
    }
    expect(
      await sigra.typedEmail.read(Object.assign(leaving, { url: new URL(path, 'https://app.test') })),
    ).toBeUndefined()
  })

  it('leaves an address out that is too long to be one', () => {
    expect(carry(null, `${'a'.repeat(250)}@example.com`).path).toBe('/users/log-in')
  })
})

describe('mail flow', () => {
  const start = (cookie: string | null, token: unknown) =>
    sigra.startMailFlow(visit(cookie), 'confirm', token, '/users/confirm/continue')
  const fOf = (response: Response) =>
    new URL(response.headers.get('location') ?? '', 'https://app.test').searchParams.get('f') ?? ''

  it('TOK-09: takes the token out of the address, unseen by referrers, caches and scripts', async () => {
    const response = await start(null, TOKEN)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toMatch(/^\/users\/confirm\/continue\?f=[\w-]{12}$/)
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(JSON.stringify([...response.headers])).not.toContain(TOKEN)
    expect(response.headers.getSetCookie()[0]).toContain('Max-Age=3600; Path=/; HttpOnly; Secure')
  })

  it('hands the token to the page that names the flow, by URL or by form', async () => {
    const response = await start(null, TOKEN)
    const f = fOf(response)
    const cookie = cookiesOf(response.headers)
    expect(await sigra.readMailFlow(visit(cookie), 'confirm', f)).toEqual({ f, token: TOKEN })
    expect(await sigra.readMailFlow(visit(cookie, `/x?f=${f}`), 'confirm')).toEqual({ f, token: TOKEN })
  })

  it('TOK-03 TOK-11: gives it to no other purpose, no other name and no other browser', async () => {
    const response = await start(null, TOKEN)
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
    for (const token of [a, b, c, d, e]) {
      const response = await start(cookie, token)
      cookie = cookiesOf(response.headers, cookie)
      names.push(fOf(response))
    }
    const found = await Promise.all(names.map((f) => sigra.readMailFlow(visit(cookie), 'confirm', f)))
    expect(found.map((flow) => flow?.token)).toEqual([undefined, b, c, d, e])
  })

  it('opens the same link twice as one flow, so that the tab opened first stays good', async () => {
    const first = await start(null, a)
    const second = await start(cookiesOf(first.headers), a)
    const args = visit(cookiesOf(second.headers))
    expect(fOf(second)).toBe(fOf(first))
    expect(await sigra.readMailFlow(args, 'confirm', fOf(first))).toMatchObject({ token: a })
  })

  it('keeps a flow that was answered for the second press, a minute, and leaves the others', async () => {
    const first = await start(null, a)
    const before = cookiesOf(first.headers)
    const second = await start(before, b)
    const args = visit(cookiesOf(second.headers, before))
    await sigra.endMailFlow(args, fOf(first))
    expect(await sigra.readMailFlow(args, 'confirm', fOf(first))).toMatchObject({ token: a })
    expect(sigra.headers(args).getSetCookie()).toEqual([expect.stringContaining('Max-Age=60;')])
  })

  it('loses nothing where answers cross: a form that is answered late, and a link opened meanwhile', async () => {
    const form = visit('__Host-browser=b')
    const opened = await start('__Host-browser=b', TOKEN)
    const late = sigra.redirect(form, '/users/check-email', { email: 'ann@example.com' })
    const cookie = cookiesOf(late.headers, cookiesOf(opened.headers, '__Host-browser=b'))
    expect(await sigra.readMailFlow(visit(cookie), 'confirm', fOf(opened))).toMatchObject({ token: TOKEN })
    expect(await sigra.typedEmail.read(visit(cookie, late.headers.get('location') ?? ''))).toBe(
      'ann@example.com',
    )
  })

  it('TOK-11: takes no flow under the name of another', async () => {
    const [one, two] = [await start(null, a), await start(null, b)]
    const swapped = cookiesOf(one.headers).replace(fOf(one), fOf(two))
    expect(await sigra.readMailFlow(visit(swapped), 'confirm', fOf(two))).toBeNull()
  })

  it('HDR-09 gives a browser one cookie for a link, however often and fast it is opened, and one for all that are none', async () => {
    const links = [a, a, a, 'nonsense', 'x'.repeat(256), `${a}x`]
    const answers = await Promise.all(links.map((token) => start(null, token)))
    const names = answers.flatMap(({ headers }) =>
      headers.getSetCookie().map((line) => line.split('=', 1)[0]),
    )
    expect([...new Set(names)]).toEqual([
      `__Host-flow-${answers[0] ? fOf(answers[0]) : ''}`,
      '__Host-flow-invalid-link',
    ])
  })

  it.each([
    ['image', 'same-origin', false],
    ['iframe', 'same-site', false],
    ['empty', 'same-site', false],
    ['empty', 'same-origin', true],
    ['document', 'cross-site', true],
  ])('HDR-09 leaves nothing to keep with what opens no page: %s, %s', async (destination, site, isKept) => {
    const args = visit(null)
    args.request.headers.set('Sec-Fetch-Dest', destination)
    args.request.headers.set('Sec-Fetch-Site', site)
    const { headers } = await sigra.startMailFlow(args, 'confirm', a, '/users/confirm/continue')
    expect(headers.getSetCookie().filter((line) => line.includes('-flow-'))).toHaveLength(isKept ? 1 : 0)
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
    for (const token of [a, b, c, d]) cookie = cookiesOf((await start(cookie, token)).headers, cookie)
    expect(cookie?.split('; ')).toHaveLength(4)
    expect(cookie?.length).toBeLessThan(4096)
  })
})
