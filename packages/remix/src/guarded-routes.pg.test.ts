import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccountApp, logIn, signedIn } from './testing-only/account-app.ts'
import type { TestApp } from './testing-only/test-app.ts'
import { createTestBrowser } from './testing-only/test-browser.ts'
import { createTestSigra, createTestUser, type TestSigra, type TestUser } from './testing-only/test-sigra.ts'

let test: TestSigra
let app: TestApp
let user: TestUser

beforeAll(async () => {
  test = await createTestSigra()
  app = createAccountApp(test.sigra)
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.rows(sql`delete from sigra_limits`)
  user = await createTestUser(test)
})

describe('guards', () => {
  it.each([
    ['/dashboard', '/users/log-in?redirectTo=%2Fdashboard'],
    ['/dashboard?tab=2&index', '/users/log-in?redirectTo=%2Fdashboard%3Ftab%3D2'],
    ['/export', '/users/log-in?redirectTo=%2Fexport'],
  ])('send strangers from %s to log-in, and back', async (path, location) => {
    const answer = await createTestBrowser(app).visit(path)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(location)
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('RR-01 RR-02: a child asked for alone, or beside its parent, gives strangers nothing', async () => {
    for (const path of [
      '/dashboard/details.data?_routes=details',
      '/dashboard/details.data',
      '/dashboard/details',
    ]) {
      const text = await (await createTestBrowser(app).visit(path)).text()
      expect(text).not.toContain('SECRET')
    }
    const text = await (await createTestBrowser(app).visit('/dashboard/details.data?_routes=details')).text()
    expect(text).toContain('/users/log-in?redirectTo=%2Fdashboard%2Fdetails')
  })

  it('RR-05: an action is guarded by itself', async () => {
    const answer = await createTestBrowser(app).submit('/dashboard/details', {})
    expect(answer.status).toBe(303)
    expect(await answer.text()).not.toContain('SECRET')
  })

  it('send somebody who is signed in past the log-in page', async () => {
    const browser = await signedIn(app, user)
    const to = async (path: string) => (await browser.visit(path)).headers.get('location')
    expect(await to('/users/log-in?redirectTo=%2Fdashboard')).toBe('/dashboard')
    expect(await to('/users/log-in?redirectTo=%2F%2Fevil.test')).toBe('/')
    expect(await to('/users/log-in')).toBe('/')
  })

  it('RD-06: lead nowhere else after log-in, also in the payload of a data request', async () => {
    for (const redirectTo of ['//evil.test', 'https://evil.test/', '/\\evil.test', '/users/log-out']) {
      const page = await logIn(createTestBrowser(app), user, { redirectTo })
      expect(page.headers.get('location')).toBe('/')
      const payload = await (
        await logIn(createTestBrowser(app), user, { redirectTo }, '/users/log-in.data')
      ).text()
      expect(payload).not.toContain('evil')
      await test.rows(sql`delete from sigra_limits`)
    }
    const page = await logIn(createTestBrowser(app), user, { redirectTo: '/dashboard?tab=2' })
    expect(page.headers.get('location')).toBe('/dashboard?tab=2')
  })

  it('INJ-12: give the listed columns, as a copy', async () => {
    const browser = await signedIn(app, user)
    const { loaderData } = JSON.parse(await (await browser.visit('/public')).text())
    expect(Object.keys(loaderData.root).sort()).toEqual(['confirmedAt', 'displayName', 'email', 'id'])
  })
})
