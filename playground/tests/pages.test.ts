import { expect, it } from 'vitest'
import { mails } from '../app/accounts/emails/index.ts'
import { words } from '../app/accounts/words.ts'
import { paths } from '../app/paths.ts'
import { openBrowser, routeId } from './support/app.ts'

const pages: string[] = [paths.register, paths.logIn, paths.confirm, paths.resetPassword, paths.logOut]
pages.push('/')

it.each(pages)('shows %s to anyone, with a policy that allows no foreign script', async (path) => {
  const page = await openBrowser().get(path)
  expect(page.status).toBe(200)
  expect(page.headers.get('Content-Security-Policy')).toMatch(/script-src 'nonce-[^']+' 'strict-dynamic'/)
})

it('welcomes back who logs in, and not who registers', async () => {
  expect((await openBrowser().get(paths.logIn)).html).toContain(words.logIn.cover.title)
  expect((await openBrowser().get(paths.register)).html).not.toContain(words.logIn.cover.title)
})

it('guards the data of a protected page like the page', async () => {
  const browser = openBrowser()
  expect((await browser.get('/dashboard')).location).toBe(`${paths.logIn}?redirectTo=%2Fdashboard`)
  const alone = new URLSearchParams({ _routes: routeId('dashboard') }) // without the loaders above it
  for (const path of ['/dashboard.data', `/dashboard.data?${alone}`]) {
    expect((await browser.get(path)).html).toContain(paths.logIn) // a redirect, in the form that data has
  }
})

it('answers an unknown page with 404', async () => {
  expect((await openBrowser().get('/nothing-here')).status).toBe(404)
})

it('is live and ready', async () => {
  const browser = openBrowser()
  expect((await browser.get('/health/live')).status).toBe(200)
  expect(JSON.parse((await browser.get('/health/ready')).html)).toMatchObject({
    database: 'up',
    migrations: 'current',
  })
})

it('shows every mail in the gallery, with sample data', async () => {
  const browser = openBrowser()
  const { html } = await browser.get('/dev/mailbox')
  const samples = Object.keys(mails).map((name) => `template:${name}`)
  for (const sample of samples) expect(html).toContain(new URLSearchParams({ open: sample }).toString())
  const [, first = ''] = /[?&;]open=(template[^"&]*)/.exec(html) ?? []
  const frame = await browser.get(`/dev/mailbox?frame=${first}`)
  expect({ status: frame.status, isFilled: frame.html.includes('Acme') }).toEqual({
    status: 200,
    isFilled: true,
  })
})
