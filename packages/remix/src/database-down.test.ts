import { describe, expect, it } from 'vitest'
import { createSessionToken } from '@sigra/core'
import { createOfflineSigra } from './testing-only/offline-sigra.ts'
import { createTestApp } from './testing-only/test-app.ts'
import { createTestBrowser } from './testing-only/test-browser.ts'

const { sigra, logged } = createOfflineSigra({ production: true })
const app = createTestApp(sigra, {
  dashboard: { path: 'dashboard', loader: (args) => sigra.requireUser(args) },
  'log-in': {
    path: 'users/log-in',
    loader: (args) => sigra.requireAnonymous(args),
    action: (args) =>
      sigra.accounts.logInUser(args, { email: 'a@example.com', password: 'correct horse battery' }),
  },
  ready: { path: 'health/ready', isPage: false, loader: () => sigra.health.ready() },
})

describe('while the database is away', () => {
  it('RL-08: a page fails closed with 503, Retry-After and the request id', async () => {
    const browser = createTestBrowser(app, new Map([['__Host-sid', String(createSessionToken())]]))
    for (const path of ['/dashboard', '/users/log-in']) {
      const answer = await browser.visit(path)
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('5')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      // The session's cookie stays as it is. A page with a form leaves a new browser its id whatever else happens.
      expect(answer.headers.getSetCookie().filter((line) => !line.startsWith('__Host-browser='))).toEqual([])
      const text = await answer.text()
      expect(text).toContain(answer.headers.get('x-request-id'))
      expect(text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/)
    }
    expect(logged).toContainEqual({
      event: 'request.unavailable',
      fields: expect.objectContaining({ code: 'SIGRA_DATABASE_UNAVAILABLE' }),
    })
  })

  it('RL-08: nobody is logged in', async () => {
    const browser = createTestBrowser(app)
    const answer = await browser.submit('/users/log-in', {})
    expect(answer.status).toBe(503)
    expect(browser.cookies.has('__Host-sid')).toBe(false)
  })

  it('a page that asks for nobody goes on', async () => {
    const answer = await createTestBrowser(app).visit('/users/log-in')
    expect(answer.status).toBe(200)
  })

  it('readiness says so', async () => {
    const answer = await createTestBrowser(app).visit('/health/ready')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ status: 'unavailable', database: 'down' })
  })
})
