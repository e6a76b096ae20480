import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type MailKind, mailKinds, mailKindsOf, type PasskeyNotice } from '@sigra/mikro-orm'
import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import { words as german } from '../../../../fixtures/words/de/app/accounts/emails/words.ts'
import { areas } from '../../../../generators/template/app/areas.ts'
import { samples } from '../../../../generators/template/app/accounts/emails/samples.ts'
import {
  type MailWords,
  words as english,
} from '../../../../generators/template/app/accounts/emails/words.ts'
import { renderSamples } from './call-template.ts'
import type { AreaMails, Mails } from './mails.ts'
import { type RenderedMail, renderMail } from './render-mail.ts'

const emails = '../../../../generators/template/app/accounts/emails'
const ownKinds = mailKindsOf(areas)
const texts = join(import.meta.dirname, '../../../../fixtures/mails/de')

interface Greeted {
  displayName: string | null
}
type AppMails = Mails<Greeted> & AreaMails<PasskeyNotice, Greeted>

/** The templates of an app whose owner changed these modules. */
async function loadMails(changed: Record<string, () => object | Promise<object>>): Promise<AppMails> {
  vi.resetModules()
  for (const [name, load] of Object.entries(changed)) vi.doMock(`${emails}/${name}`, load)
  const { mails } = await import('../../../../generators/template/app/accounts/emails/index.ts')
  for (const name of Object.keys(changed)) vi.doUnmock(`${emails}/${name}`)
  return mails
}

const languages = () => import('../../../../fixtures/words/de/app/accounts/emails/languages.ts')
const greeting = () => ({
  mailUser: ['displayName'],
  nameOf: (user: Greeted | null) => user?.displayName ?? null,
})
const untold = mailKinds.filter((kind) => !Object.hasOwn(german, kind))
if (untold.length > 0)
  throw new Error(
    `fixtures/words/de/app/accounts/emails/words.ts has no German for ${untold.join(', ')}: say it there`,
  )

const rendered = await renderSamples(await loadMails({ 'languages.ts': languages }), samples, ['de'])

describe('the mails in German', () => {
  it('are as many as in English, each with a reviewed text', async () => {
    expect(rendered.map(({ name }) => name)).toEqual(ownKinds)
    expect(
      (await readdir(texts)).toSorted(),
      'Texts in fixtures/mails/de that are missing are written by this run, elsewhere than in CI: read them',
    ).toEqual(ownKinds.map((kind) => `${kind}.txt`).toSorted())
  })

  it.each(rendered)('say in $name what was reviewed', async ({ name, subject, text }) => {
    const path = join(texts, `${name}.txt`)
    await expect(`Subject: ${subject}\n\n${text}\n`).toMatchFileSnapshot(path)
  })

  it('are marked as German, and so are their dates', () => {
    const { html, text } = rendered.find(({ name }) => name === 'newSignIn') ?? never()
    expect(html).toContain('<html dir="ltr" lang="de">')
    expect(text).toContain('Wann: 4. Mai 2026 um 09:41 UTC')
    expect(text).toContain('Browser: Firefox (Windows)')
  })
})

describe('the words of mails', () => {
  it('count backup codes, the last one too', () => {
    const count = (codesLeft: number) =>
      german.backupCodeUsed({ ...samples.backupCodeUsed, codesLeft }).preview
    expect([0, 1, 9].map(count)).toEqual([
      'Sie haben keine Backup-Codes mehr.',
      'Sie haben noch einen Backup-Code.',
      'Sie haben noch 9 Backup-Codes.',
    ])
  })

  it('have the same shape in both languages', () => {
    expectTypeOf(german).toEqualTypeOf<MailWords>()
    expect(Object.keys(german)).toEqual(Object.keys(english))
    expect(Object.keys(german.common)).toEqual(Object.keys(english.common))
  })

  const kinds = mailKinds.filter((kind) => ownKinds.includes(kind)).map((kind) => ({ kind }))
  it.each(kinds)('say every sentence of $kind in both languages', ({ kind }) => {
    const [said, gesagt] = [sentencesOf(english, kind), sentencesOf(german, kind)]
    expect(Object.keys(gesagt)).toEqual(Object.keys(said))
    for (const [place, sentence] of Object.entries(gesagt)) {
      expect(sentence).toMatch(/\S/)
      expect([place, sentence]).not.toEqual([place, said[place]])
    }
  })

  it.each(kinds)('are all shown in the mail $kind', ({ kind }) => {
    const { subject, html } = rendered.find(({ name }) => name === kind) ?? never()
    const shown = `${subject} ${html
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('&quot;', '"')
      .replaceAll('&#x27;', "'")}`
    for (const sentence of Object.values(sentencesOf(german, kind))) expect(shown).toContain(sentence)
  })
})

describe('a mail that greets by name', async () => {
  const mails = await loadMails({ 'props.ts': greeting })
  const greet = (displayName: string | null): Promise<RenderedMail> =>
    renderMail(mails.newSignIn({ ...samples.newSignIn, user: { displayName } }))

  it.each([
    ['64 wide characters', 'ｗ'.repeat(64)],
    ['right-to-left text', 'مريم القحطاني'],
    ['emoji', 'Ada 👩‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ])('shows a name of %s as it is', async (_, name) => {
    const { html, text } = await greet(name)
    expect(text).toContain(`Hello ${name},`)
    expect(html).toContain(`>Hello ${name},</p>`)
  })

  it('INJ-05: shows markup in a name as text', async () => {
    const { html, text } = await greet('<script>alert(1)</script>')
    expect(html).not.toContain('<script')
    expect(text).toContain('Hello <script>alert(1)</script>,')
  })

  it('INJ-05: has no name in its subject, whatever it holds', async () => {
    const { subject } = await greet('Ada\r\nBcc: eve@evil.test')
    expect(subject).toBe('New log-in to your account at Acme')
  })

  it('greets nobody whose name is not known, nor before the address is confirmed', async () => {
    expect((await greet(null)).text).not.toContain('Hello')
    expect((await renderMail(mails.confirmAddress(samples.confirmAddress))).text).not.toContain('Hello')
  })
})

describe('a language that is written from right to left', () => {
  it('turns the mail around', async () => {
    const languageOf = () => ({ locale: 'ar-EG', words: english })
    const mails = await loadMails({ 'languages.ts': () => ({ languageOf }) })
    const { html } = await renderMail(mails.newSignIn({ ...samples.newSignIn, user: null }))
    expect(html).toContain('<html dir="rtl" lang="ar-EG">')
  })
})

describe('the gallery', () => {
  it('shows each template in each language', async () => {
    const both = await renderSamples(await loadMails({}), samples, ['en', 'de'])
    expect(both.slice(0, 2).map(({ name }) => name)).toEqual(['confirmAddress (en)', 'confirmAddress (de)'])
  })
})

describe('a language the app has no words in', () => {
  it('is answered in the first one, dates included', async () => {
    const mails = await loadMails({})
    const { html, text } = await renderMail(
      mails.newSignIn({ ...samples.newSignIn, user: null, locale: 'fr' }),
    )
    expect(html).toContain('<html dir="ltr" lang="en">')
    expect(text).toContain('When: May 4, 2026')
  })
})

function sentencesOf(words: MailWords, kind: MailKind): Record<string, string> {
  const write: Record<string, unknown> = words
  const props: Record<string, unknown> = samples
  const said = write[kind]
  if (typeof said !== 'function') return never()
  return Object.fromEntries(flatten(Object(Reflect.apply(said, null, [props[kind]]))))
}

/** Of a button, its address is no sentence. */
function flatten(said: object, path = ''): [string, string][] {
  return Object.entries(said).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    if (key === 'href') return []
    if (typeof value === 'string') return [[`${path}${key}`, value]]
    return typeof value === 'object' && value !== null ? flatten(value, `${path}${key}.`) : []
  })
}

function never(): never {
  throw new Error('not there')
}
