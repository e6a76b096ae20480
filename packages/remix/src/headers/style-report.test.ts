import { describe, expect, it } from 'vitest'
import type { SigraOptions } from '../options.ts'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { createTestApp } from '../testing-only/test-app.ts'

const NAME = 'content-security-policy-report-only'

function start(options: Partial<SigraOptions> = {}) {
  const { sigra, logged } = createOfflineSigra(options)
  const app = createTestApp(sigra, { page: { path: 'page', loader: () => null } })
  const ask = (path: string, method = 'GET') =>
    app(new Request(`https://app.test${path}`, { method, headers: { 'sec-fetch-site': 'same-origin' } }))
  const warned = () => logged.filter(({ event }) => event === 'style.breaks_in_production')
  return { ask, warned, policyOf: async (path: string) => (await ask(path)).headers.get(NAME) }
}

describe('style attributes in development', () => {
  it('are reported by the browser, and named in the terminal once for each page', async () => {
    const { ask, warned, policyOf } = start()
    const policy = await policyOf('/page')
    expect(policy).toBe("style-src-attr 'none'; report-uri /dev/style-report?page=%2Fpage")
    const address = policy?.split(' ').at(-1) ?? ''
    expect((await ask(address, 'POST')).status).toBe(204)
    await ask(address, 'POST')
    expect(warned().map(({ fields }) => fields['page'])).toEqual(['/page'])
  })

  it('are nobody’s business in the mailbox, and where the app allows them', async () => {
    expect(await start().policyOf('/dev/mailbox')).toBeNull()
    const allow = { 'style-src-attr': ["'unsafe-inline'"] }
    expect(await start({ edge: { headers: { allow } } }).policyOf('/page')).toBeNull()
  })

  it('leave a page that is only watched its own report', async () => {
    const { policyOf } = start({ edge: { headers: { contentSecurityPolicy: 'report-only' } } })
    expect(await policyOf('/page')).toContain("script-src 'nonce-")
  })

  it('are stopped in production, which takes no reports', async () => {
    const { ask, warned, policyOf } = start({ production: true })
    expect(await policyOf('/page')).toBeNull()
    expect((await ask('/dev/style-report?page=x', 'POST')).status).not.toBe(204)
    expect(warned()).toEqual([])
  })
})
