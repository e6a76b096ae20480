import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { editByGuide } from '../../../../scripts/lib/guide-edits.ts'
import { startSmtpSink } from '../testing-only/smtp-sink.ts'
import { renderMail } from './render-mail.ts'

const root = join(import.meta.dirname, '../../../..')
const parent = join(root, 'playground/.sigra') // below the packages, and no part of the sources

let directory: string
beforeAll(async () => {
  await mkdir(parent, { recursive: true })
  directory = await mkdtemp(join(parent, 'guide-'))
  for (const part of ['app', 'tests'])
    await cp(join(root, 'playground', part), join(directory, part), { recursive: true })
  for (const guide of ['custom-user-fields', 'emails']) {
    await editByGuide(join(root, `docs/${guide}.md`), directory)
  }
  const german = join(root, 'fixtures/words/de/app/accounts/emails/words.ts')
  await copyFile(german, join(directory, 'app/accounts/emails/words.de.ts'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

describe('the guide on emails', () => {
  it('greets people by name, and writes to each in their language', async () => {
    const { mails } = await import(join(directory, 'app/accounts/emails/index.ts'))
    const { samples } = await import(join(directory, 'app/accounts/emails/samples.ts'))
    const write = async (locale: string) => renderMail(mails.newSignIn({ ...samples.newSignIn, locale }))

    expect(await write('en')).toMatchObject({
      subject: 'New log-in to your account at Acme',
      text: expect.stringContaining('Hello Ada Example,'),
    })
    expect(await write('de-AT')).toMatchObject({
      subject: 'Neue Anmeldung in Ihrem Konto bei Acme',
      text: expect.stringContaining('Hallo Ada Example,'),
      html: expect.stringContaining('lang="de-AT"'),
    })
    expect((await write('fr')).subject).toBe('New log-in to your account at Acme')
    const confirm = await renderMail(mails.confirmAddress(samples.confirmAddress))
    expect(confirm.text).not.toContain('Ada')
  })

  it('sends an email of one’s own', async () => {
    const sink = await startSmtpSink()
    vi.stubEnv('SMTP_URL', sink.url)
    const { emailInvoice } = await import(join(directory, 'app/emails/invoice.tsx'))
    await emailInvoice('ada@example.com', { number: '7', url: 'https://acme.test/invoices/7' })
    await sink.stop()
    vi.unstubAllEnvs()
    const [mail] = sink.received
    expect(mail?.recipients).toEqual(['ada@example.com'])
    expect(mail?.raw).toContain('Subject: Invoice 7')
    expect(mail?.raw).toContain('https://acme.test/invoices/7')
  })
})
