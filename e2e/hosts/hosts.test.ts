import { describe, expect, it } from 'vitest'
import { type Answer, HostBrowser, type Kind, type Page } from './host-browser.ts'
import {
  countSessions,
  createHostUser,
  type HostUser,
  recordStatements,
  withoutDatabase,
} from './host-database.ts'
import { type StartedHost, startedHosts } from './started-hosts.ts'

const home: Page = { path: '/', route: 'root' }
const dashboard: Page = { path: '/dashboard', route: 'routes/dashboard' }
const details: Page = { path: '/dashboard/details', route: 'routes/dashboard.details' }
const logIn: Page = { path: '/users/log-in', route: 'routes/users.log-in' }

const kinds: Kind[] = ['document', 'data']
const CROSS_SITE = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }

describe.each(startedHosts())('$title', (host) => {
  describe('a guard', () => {
    it.each([
      ['document', dashboard],
      ['document', details],
      ['data', dashboard],
      ['data', details],
    ] as const)('RR-02: sends nobody to log-in and back, as a %s of %o', async (kind, page) => {
      const answer = await new HostBrowser(host).ask(kind, page, {}, 'tab=1')
      expect(outcome(kind, answer)).toEqual(
        sentTo(`/users/log-in?redirectTo=${encodeURIComponent(`${page.path}?tab=1`)}`),
      )
      expect(answer.headers.getSetCookie()).toEqual([])
    })

    it('RR-01: holds for a child whose parent is not asked', async () => {
      const stranger = await new HostBrowser(host).askChild(details)
      expect(outcome('data', stranger)).toEqual(sentTo('/users/log-in?redirectTo=%2Fdashboard%2Fdetails'))
      const { browser } = await signedIn(host)
      const owner = await browser.askChild(details)
      expect(owner.body).toContain('PRIVATE details')
      expect(owner.body).not.toContain('PRIVATE dashboard')
    })

    it.each(kinds)('RR-05: holds for an action, as a %s', async (kind) => {
      const form = { change: 'yes' }
      const stranger = await new HostBrowser(host).ask(kind, dashboard, { form })
      expect(outcome(kind, stranger)).toEqual(sentTo('/users/log-in?redirectTo=%2Fdashboard'))
      const { browser } = await signedIn(host)
      expect((await browser.ask(kind, dashboard, { form })).body).toContain('PRIVATE change')
    })

    it.each(['GET', 'POST'])('holds for a resource route, by %s', async (method) => {
      const stranger = await new HostBrowser(host).send('/export', { method })
      expect(outcome('document', stranger)).toEqual(sentTo('/users/log-in?redirectTo=%2Fexport'))
      const { browser } = await signedIn(host)
      const owner = await browser.send('/export', { method })
      expect(owner.status).toBe(200)
      expect(owner.body).toContain('PRIVATE')
    })
  })

  describe('log-in', () => {
    it.each(kinds)('leads back, with one session cookie, as a %s', async (kind) => {
      const user = await createHostUser(host)
      const browser = new HostBrowser(host)
      const answer = await browser.ask(kind, logIn, {
        form: { ...user, redirectTo: '/dashboard/details?tab=1' },
      })
      expect(outcome(kind, answer)).toEqual(sentTo('/dashboard/details?tab=1'))
      expect(cookieNames(answer)).toEqual(['browser', 'sid'])
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const page = await browser.ask('document', details)
      expect(page.body).toContain(`PRIVATE details of ${user.email}, true`)
      expect(page.body).toContain(`Logged in as ${user.email}`)
    })

    it.each(kinds)('RD-06: leads to no other site, as a %s', async (kind) => {
      const user = await createHostUser(host)
      const form = { ...user, redirectTo: '//evil.example/' }
      const answer = await new HostBrowser(host).ask(kind, logIn, { form })
      expect(outcome(kind, answer)).toEqual(sentTo('/'))
      expect(answer.body).not.toContain('evil.example')
    })

    it.each(kinds)('refuses a wrong password with the form again, as a %s', async (kind) => {
      const { email } = await createHostUser(host)
      const browser = new HostBrowser(host)
      const answer = await browser.ask(kind, logIn, { form: { email, password: 'a wrong password' } })
      expect(answer.status).toBe(400)
      expect(answer.body).toContain('The email address or password is wrong.')
      expect(cookieNames(answer)).toEqual(['browser'])
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.body).not.toContain('a wrong password')
    })

    it.each(kinds)('is not shown to somebody who is signed in, as a %s', async (kind) => {
      const { browser } = await signedIn(host)
      const answer = await browser.ask(kind, logIn, {}, 'redirectTo=%2Fdashboard')
      expect(outcome(kind, answer)).toEqual(sentTo('/dashboard'))
    })

    it('SESS-13: keeps a sign-in that waits for its next step out of everything else', async () => {
      const user = await createHostUser(host, { mustChangePassword: true })
      const browser = new HostBrowser(host)
      const step = '/users/change-password?redirectTo=%2Fdashboard'
      const answer = await browser.ask('document', logIn, { form: { ...user, redirectTo: '/dashboard' } })
      expect(outcome('document', answer)).toEqual(sentTo(step))
      for (const kind of kinds) {
        expect(outcome(kind, await browser.ask(kind, dashboard))).toEqual(sentTo(step))
      }
      expect((await browser.ask('document', home)).body).toContain('Nobody is signed in.')
      expect((await browser.ask('document', logIn)).status).toBe(200) // starting over is allowed
    })
  })

  describe('one request', () => {
    it.each([
      ['document', dashboard],
      ['document', details],
      ['data', details],
    ] as const)('asks the database once for a %s, however many loaders ask: %o', async (kind, page) => {
      const { browser } = await signedIn(host)
      const statements = await recordStatements(host, async () => {
        expect((await browser.ask(kind, page)).body).toContain('PRIVATE')
      })
      expect(statements).toHaveLength(1)
    })

    it('asks nothing for nobody', async () => {
      const statements = await recordStatements(host, () => new HostBrowser(host).ask('document', details))
      expect(statements).toEqual([])
    })
  })

  describe('an answer', () => {
    it.each(kinds)('HDR-03: is kept by no cache when it belongs to somebody, as a %s', async (kind) => {
      const { browser } = await signedIn(host)
      for (const page of [home, dashboard, details]) {
        const { headers } = await browser.ask(kind, page)
        expect(headers.get('cache-control')).toBe('no-store')
        expect(headers.get('vary')?.match(/cookie/gi)).toHaveLength(1)
      }
    })

    it('carries the security headers whatever it is, and its scripts the nonce of its policy', async () => {
      const browser = new HostBrowser(host)
      for (const path of ['/', '/users/log-in', '/nothing-here', '/dashboard']) {
        const { headers } = await browser.send(path)
        expect(headers.get('x-content-type-options')).toBe('nosniff')
        expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
        expect(headers.get('content-security-policy')).toContain("'strict-dynamic'")
      }
      const page = await browser.ask('document', logIn)
      const nonce = /'nonce-([\w-]+)'/.exec(page.headers.get('content-security-policy') ?? '')?.[1]
      const scripts = page.body.match(/<script[^>]*>/g) ?? []
      expect(scripts.length).toBeGreaterThan(1)
      expect(scripts.filter((script) => !script.includes(`nonce="${nonce}"`))).toEqual([])
    })

    it('says whether the host is ready', async () => {
      const answer = await new HostBrowser(host).send('/health')
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.body)).toMatchObject({ status: 'ok', database: 'up' })
    })

    it.each(kinds)('says when to try again, although no route exports its headers, as a %s', async (kind) => {
      const { email } = await createHostUser(host)
      const form = { email, password: 'not my password' }
      const browser = new HostBrowser(host)
      let answer = await browser.ask(kind, logIn, { form })
      for (let tries = 0; answer.status === 400 && tries < 30; tries++)
        answer = await browser.ask(kind, logIn, { form })
      expect(answer.status).toBe(429)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    })

    it.each(kinds)('is 503 while the database is away, as a %s', async (kind) => {
      const { browser } = await signedIn(host)
      await withoutDatabase(host, async () => {
        const answer = await browser.ask(kind, dashboard)
        expect(answer.status).toBe(503)
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(answer.body).not.toContain('PRIVATE')
      })
      expect((await browser.ask(kind, dashboard)).body).toContain('PRIVATE')
    })
  })

  describe('log-out', () => {
    it('ends the session, and its message is shown once', async () => {
      const { browser, user } = await signedIn(host)
      const before = new Map(browser.cookies)
      const answer = await browser.send('/users/log-out', { method: 'POST' })
      expect(outcome('document', answer)).toEqual(sentTo('/'))
      expect(cookieNames(answer)).toEqual(['browser', 'flash', 'sid'])
      expect(browser.cookie('sid')).toBeUndefined()
      expect(await countSessions(host, user)).toBe(0)

      const first = await browser.ask('document', home)
      expect(first.body).toContain('You’re logged out.')
      expect(cookieNames(first)).toEqual(['flash'])
      expect(first.headers.get('cache-control')).toBe('no-store')
      const second = await browser.ask('document', home)
      expect(second.body).not.toContain('You’re logged out.')
      expect(cookieNames(second)).toEqual([])

      const thief = new HostBrowser(host)
      for (const [name, value] of before) thief.cookies.set(name, value)
      expect((await thief.ask('document', dashboard)).status).toBe(303)
    })

    it.each(kinds)('shows its message where the page writes no header itself, as a %s', async (kind) => {
      const { browser } = await signedIn(host)
      await browser.send('/users/log-out', { method: 'POST' })
      const answer = await browser.ask(kind, logIn)
      expect(answer.body).toContain('You’re logged out.')
      expect(cookieNames(answer)).toEqual(['flash'])
      expect((await browser.ask(kind, logIn)).body).not.toContain('You’re logged out.')
    })
  })

  describe('another site', () => {
    it.each(kinds)('CSRF-06: changes nothing by a form, as a %s', async (kind) => {
      const { browser, user } = await signedIn(host)
      for (const page of [dashboard, logIn, home]) {
        const answer = await browser.ask(kind, page, { form: { ...user }, headers: CROSS_SITE })
        expect(answer.status).toBe(403)
        expect(answer.body).not.toContain('PRIVATE')
        expect(answer.headers.getSetCookie()).toEqual([])
      }
    })

    it('CSRF-06: changes nothing at a resource route', async () => {
      const { browser } = await signedIn(host)
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await browser.send('/export', { method, headers: CROSS_SITE })
        expect(answer.status).toBe(403)
        expect(answer.body).not.toContain('PRIVATE')
      }
    })

    it.each(kinds)('CSRF-01: signs nobody in, as a %s', async (kind) => {
      const user = await createHostUser(host)
      const answer = await new HostBrowser(host).ask(kind, logIn, { form: { ...user }, headers: CROSS_SITE })
      expect(answer.status).toBe(403)
      expect(await countSessions(host, user)).toBe(0)
    })

    it('CSRF-09: logs nobody out', async () => {
      const { browser, user } = await signedIn(host)
      const answer = await browser.send('/users/log-out', { method: 'POST', headers: CROSS_SITE })
      expect(answer.status).toBe(403)
      expect(await countSessions(host, user)).toBe(1)
    })
  })
})

async function signedIn(host: StartedHost): Promise<{ browser: HostBrowser; user: HostUser }> {
  const user = await createHostUser(host)
  const browser = new HostBrowser(host)
  await browser.ask('document', logIn, { form: { ...user } })
  expect(browser.cookie('sid')).toMatch(/^[\w-]{43}$/)
  return { browser, user }
}

/** Where an answer sends the browser. Data requests have whatever status the framework's own client takes for a redirect. */
function outcome(kind: Kind, { status, redirect, body }: Answer) {
  const isRedirect = kind === 'document' ? status === 303 : redirect !== null
  return { isRedirect, redirect, isPrivate: body.includes('PRIVATE') }
}

function sentTo(redirect: string): ReturnType<typeof outcome> {
  return { isRedirect: true, redirect, isPrivate: false }
}

/** What an answer sets and clears, by the ends of the names; a name that comes twice is there twice. */
function cookieNames({ headers }: Answer): string[] {
  return headers
    .getSetCookie()
    .map((line) => /^\w+_(\w+)=/.exec(line)?.[1] ?? line)
    .toSorted()
}
