import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { mailboxMessages, type MailboxOptions, mailboxPage } from './mailbox.ts'

const { sigra } = createOfflineSigra()
const argsAt = (query = '') => ({ request: new Request(`https://app.test/dev/mailbox${query}`) })
let directory: string

const message = (id: string, changes: object = {}) => ({
  id,
  to: 'ada@example.com',
  from: 'Acme <hello@app.test>',
  subject: `Subject ${id}`,
  text: `Text ${id}`,
  html: `<h1>Html ${id}</h1>`,
  headers: { 'Message-ID': `<${id}@app.test>` },
  sentAt: `2026-01-01T00:00:0${id}.000Z`,
  ...changes,
})

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sigra-mailbox-page-'))
  await writeFile(join(directory, '1-1.json'), JSON.stringify(message('1')))
  await writeFile(
    join(directory, '2-2.json'),
    JSON.stringify(message('2', { subject: '<script>alert(1)</script>', html: '<script>alert(2)</script>' })),
  )
  await writeFile(join(directory, '3-3.json'), '{"half')
  await writeFile(join(directory, 'notes.txt'), 'x')
})

afterAll(() => rm(directory, { recursive: true, force: true }))

const page = (query = '', options: MailboxOptions = {}) =>
  mailboxPage(sigra, argsAt(query), { directory, ...options })

describe('mailboxPage', () => {
  it('shows what was sent, newest first, and opens the newest', async () => {
    const html = await (await page()).text()
    expect(html.indexOf('&lt;script&gt;alert(1)')).toBeLessThan(html.indexOf('Subject 1'))
    expect(html).toContain('src="/dev/mailbox?frame=2"')
  })

  it('INJ-05: shows hostile mail as text, and its HTML in a frame that runs nothing', async () => {
    expect(await (await page()).text()).not.toContain('<script>alert')
    const frame = await page('?frame=2')
    const policy = frame.headers.get('content-security-policy')
    expect(await frame.text()).toContain('<script>alert(2)')
    expect(policy).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';/)
    expect(policy).not.toContain('script')
    expect(policy).toContain("frame-ancestors 'self'")
    expect(await (await page('?open=1')).text()).toMatch(
      /<iframe [^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/,
    )
  })

  it('shows text', async () => {
    expect(await (await page('?open=1&as=text')).text()).toContain('<pre>Text 1</pre>')
  })

  it('shows the templates beside what was sent', async () => {
    const samples = () => [{ name: 'reset-password', subject: 'Reset', html: '<p>Hi</p>', text: 'Hi' }]
    const html = await (await page('?open=template%3Areset-password', { samples })).text()
    expect(html).toContain('Templates')
    expect(html).toContain('<h2>Reset</h2>')
    expect(html).toContain('<dt>Template</dt>')
    expect(await (await page('?frame=template%3Areset-password', { samples })).text()).toContain('<p>Hi</p>')
  })

  it('runs one script of its own, by nonce', async () => {
    const answer = await page()
    const nonce = /script-src 'nonce-([\w-]+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1]
    const html = await answer.text()
    expect(html).toContain(`<script nonce="${nonce}">`)
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('says so where there is no mail yet, or no folder', async () => {
    const answer = await mailboxPage(sigra, argsAt(), { directory: join(directory, 'none') })
    expect(await answer.text()).toContain('No emails yet')
    expect((await page('?frame=unknown')).status).toBe(404)
  })
})

describe('mailboxMessages', () => {
  it('gives the same as JSON', async () => {
    const answer = await mailboxMessages(sigra, argsAt(), { directory })
    const messages = await answer.json()
    expect(messages).toHaveLength(2)
    expect(messages[1]).toEqual(message('1'))
  })

  it('CFG-02: neither answers in production unless asked to', async () => {
    const { sigra: production, logged } = createOfflineSigra({ production: true })
    await production.start()
    logged.splice(0) // that the database is away
    expect((await mailboxPage(production, argsAt(), { directory })).status).toBe(404)
    expect((await mailboxMessages(production, argsAt(), { directory })).status).toBe(404)
    const open = { directory, dangerouslyAllowInProduction: true }
    expect((await mailboxMessages(production, argsAt(), open)).status).toBe(200)
    expect((await mailboxPage(production, argsAt(), open)).status).toBe(200)
    expect(logged).toEqual([
      { event: 'sigra.dangerous_option', fields: { option: 'the mailbox in production' } },
    ])
  })
})
