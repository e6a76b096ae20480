import { describe, expect, it } from 'vitest'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { createTestApp } from '../testing-only/test-app.ts'
import { createTestBrowser } from '../testing-only/test-browser.ts'

const { sigra } = createOfflineSigra()
const page = (path: string) => ({ path, loader: () => 'a form' })
const routes = {
  register: page('users/register'),
  logIn: page('users/log-in'),
  confirm: page('users/confirm'),
  reset: page('users/reset-password'),
  continue: page('users/reset-password/continue'),
  settings: page('users/settings'),
  home: page('about'),
}

describe.each([true, false])('the first page of a browser, with a wrapper: %s', (isWrapped) => {
  const app = createTestApp(sigra, routes, { isWrapped })

  it.each(['register', 'log-in', 'confirm', 'reset-password', 'reset-password/continue', 'log-in.data'])(
    'TOK-11 brings its id before a form of /users/%s is sent, once',
    async (path) => {
      const browser = createTestBrowser(app)
      await browser.visit(`/users/${path}`)
      const id = browser.cookies.get('__Host-browser')
      expect(id).toMatch(/^[\w-]{43}$/)
      const again = await browser.visit(`/users/${path}`)
      expect(again.headers.getSetCookie()).toEqual([])
    },
  )

  it('brings none elsewhere', async () => {
    const browser = createTestBrowser(app)
    for (const path of ['/users/settings', '/about']) await browser.visit(path)
    expect([...browser.cookies]).toEqual([])
  })

  it('replaces what cannot be one of ours', async () => {
    const browser = createTestBrowser(app, new Map([['__Host-browser', 'planted']]))
    await browser.visit('/users/register')
    expect(browser.cookies.get('__Host-browser')).toMatch(/^[\w-]{43}$/)
  })
})
