import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { knownViews } from '@sigra/mikro-orm'
import { describe, expect, expectTypeOf, it } from 'vitest'
import * as germanAccounts from '../../../../fixtures/words/de/app/accounts/words.ts'
import * as germanOrganizations from '../../../../fixtures/words/de/app/organizations/words.ts'
import * as germanPasskeys from '../../../../fixtures/words/de/app/passkeys/words.ts'
import * as germanApp from '../../../../fixtures/words/de/app/words.ts'
import { words as englishMails } from '../../../../generators/template/app/accounts/emails/words.ts'
import * as englishAccounts from '../../../../generators/template/app/accounts/words.ts'
import * as englishOrganizations from '../../../../generators/template/app/organizations/words.ts'
import * as englishPasskeys from '../../../../generators/template/app/passkeys/words.ts'
import * as englishApp from '../../../../generators/template/app/words.ts'
import { spokenSentences } from '../testing-only/spoken-sentences.ts'
import { createWords } from '../words.ts'
import { say } from './say.ts'

const root = join(import.meta.dirname, '../../../..')
const languages = {
  English: {
    accounts: englishAccounts.words,
    passkeys: englishPasskeys.words,
    organizations: englishOrganizations.words,
    app: englishApp,
  },
  German: {
    accounts: germanAccounts.words,
    passkeys: germanPasskeys.words,
    organizations: germanOrganizations.words,
    app: germanApp,
  },
}

/** Of the audit log, what people see of their own accounts, and of that what they can say was not them. */
const shown = Object.keys(knownViews).filter((action) => knownViews[action] !== 'hidden')
const disputable = shown.filter((action) => knownViews[action] === 'disputable')

/** The numbers that come with a reason. */
const numbers = {
  minLength: 12,
  maxLength: 256,
  retryAfterSeconds: 61,
  maxPasskeys: 10,
  maxOwned: 20,
  most: 50,
  names: ['Acme'],
}

const said: Partial<Record<string, string[]>> = {
  English: [
    'Too many attempts. Wait a second and try again.',
    'Too many attempts. Wait 20 seconds and try again.',
    'Too many attempts. Wait a minute and try again.',
    'Too many attempts. Wait 2 minutes and try again.',
  ],
  German: [
    'Zu viele Versuche. Warten Sie eine Sekunde und versuchen Sie es dann noch einmal.',
    'Zu viele Versuche. Warten Sie 20 Sekunden und versuchen Sie es dann noch einmal.',
    'Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
    'Zu viele Versuche. Warten Sie 2 Minuten und versuchen Sie es dann noch einmal.',
  ],
}
const codesLeft: Partial<Record<string, string[]>> = {
  English: [
    'You have no backup codes left. Get new ones in your settings.',
    'You have one backup code left. Get new ones in your settings.',
    'You have 3 backup codes left. Get new ones in your settings.',
  ],
  German: [
    'Sie haben keine Backup-Codes mehr. Neue bekommen Sie in den Einstellungen.',
    'Sie haben noch einen Backup-Code. Neue bekommen Sie in den Einstellungen.',
    'Sie haben noch 3 Backup-Codes. Neue bekommen Sie in den Einstellungen.',
  ],
}

describe.each(Object.entries(languages))(
  'the pages in %s',
  (language, { accounts, passkeys, organizations, app }) => {
    const reasons = { ...accounts.reasons, ...passkeys.reasons, ...organizations.reasons }

    it.each(Object.keys(reasons))('have a sentence for “%s”', (reason) => {
      const sentence = app.inWords({ reason, ...numbers })
      expect(sentence).toMatch(/^\p{Lu}.*[.?!]$/u)
      expect(sentence).not.toMatch(/undefined|NaN|object/)
      expect(sentence).not.toBe(accounts.unknownReason)
    })

    it.each(Object.keys(passkeys.ceremony))('have a sentence for a passkey that is “%s”', (reason) => {
      expect(say(passkeys.ceremony, { reason }, 'none')).toMatch(/^\p{Lu}.*[.?!]$/u)
    })

    const place = language === 'English' ? 'generators/template' : 'fixtures/words/de'

    it.each(shown)('say what happened by “%s”', (action) => {
      const { done, waiting, refused } = app.activities[action] ?? {}
      expect(done ?? refused, `activities in ${place}/app/words.ts say nothing of “${action}”`).toBeDefined()
      for (const sentence of [done, waiting, refused]) expect(sentence ?? 'It').toMatch(/^\p{Lu}.*[^.]$/u)
    })

    it.each(disputable)('say what “This wasn’t me” is about by “%s”', (action) => {
      expect(app.deeds, `deeds in ${place}/app/words.ts have no name for “${action}”`).toHaveProperty([
        action,
      ])
      expect(app.deeds[action]).toMatch(/^\p{L}.*[^.]$/u)
    })

    it('say times and numbers as people do', () => {
      const wait = (retryAfterSeconds: number) => {
        const limited = { reason: 'limited', retryAfterSeconds }
        return app.inWords(limited)
      }
      expect([1, 20, 59, 61].map(wait)).toEqual(said[language])
      expect(['0', '1', '3'].map((left) => accounts.flashes['codes-left'](left))).toEqual(codesLeft[language])
    })

    it('take whatever people call themselves, whole', () => {
      const names = [
        '名'.repeat(64), // wide
        'عائشة محمد', // from right to left
        '👩‍👩‍👧‍👧 👍🏽 🏳️‍🌈',
        '<script>alert(1)</script>',
        '${name} `[link]`',
      ]
      for (const name of names) {
        const sentences = spokenSentences(passkeys, name)
        expect(sentences['flashes.passkey-added']).toContain(name)
        expect(sentences['list.removeQuestion']).toContain(name)
        expect(sentences['list.change']).toContain(name)
        expect(spokenSentences(accounts, name)['confirm.intro']).toContain(name)
      }
    })

    it('are complete sentences, with nothing left to fill in', () => {
      const all = {
        ...spokenSentences(accounts),
        ...spokenSentences(passkeys),
        ...spokenSentences(organizations),
        ...spokenSentences(app.words),
      }
      expect(Object.keys(all).length).toBeGreaterThan(200)
      for (const [path, sentence] of Object.entries(all)) {
        expect(sentence, `${language} ${path}`).not.toMatch(/undefined|NaN|\[object|\$\{|^\s*$|\s\s|'/)
      }
    })
  },
)

describe('German words in the place of the English ones', () => {
  it('have the same shape', () => {
    expectTypeOf(germanAccounts.words).toEqualTypeOf<englishAccounts.AccountWords>()
    expectTypeOf(germanPasskeys.words).toEqualTypeOf<englishPasskeys.PasskeyWords>()
    expectTypeOf(germanOrganizations.words).toEqualTypeOf<typeof englishOrganizations.words>()
    expectTypeOf(germanApp.words).toEqualTypeOf<typeof englishApp.words>()
    expect(Object.keys(spokenSentences(germanAccounts.words))).toEqual(
      Object.keys(spokenSentences(englishAccounts.words)),
    )
  })

  it('leave nothing in English', () => {
    const same = (german: object, english: object) => {
      const original = spokenSentences(english)
      return Object.entries(spokenSentences(german))
        .filter(([path, sentence]) => original[path] === sentence)
        .map(([, sentence]) => sentence)
    }
    expect(same(germanAccounts.words, englishAccounts.words)).toEqual([
      'Code',
      'Ada (Ada s)',
      'backup-codes.txt',
      'Ada (Ada)',
    ])
    expect(same(germanPasskeys.words, englishPasskeys.words)).toEqual(['Passkeys', 'Name', 'Passkeys'])
    expect(same(germanOrganizations.words, englishOrganizations.words)).toEqual(['Name', 'Name'])
    expect(same(germanApp.words, englishApp.words)).toEqual([])
  })

  it.each(['line.ts', 'flashes.ts', 'activity-words.ts'])('stand beside the app’s own %s', async (name) => {
    const [ours, theirs] = ['fixtures/words/de', 'generators/template'].map((app) =>
      readFile(join(root, app, 'app/accounts', name), 'utf8'),
    )
    expect(await ours).toBe(await theirs)
  })

  it('may lack sentences: these stay English, and development is told which', () => {
    const told: string[] = []
    const { logIn } = germanPasskeys.words
    const choose = createWords({
      first: 'en',
      words: englishPasskeys.words,
      others: { de: { ...germanPasskeys.words, logIn: {}, ceremony: { failed: 'Ging nicht.' } } },
      tell: (sentence) => told.push(sentence),
    })
    const { words } = choose('de')
    expect(words.logIn.button).toBe(englishPasskeys.words.logIn.button)
    expect(words.logIn.button).not.toBe(logIn.button)
    expect(words.ceremony.failed).toBe('Ging nicht.')
    expect(words.ceremony.aborted).toBe(englishPasskeys.words.ceremony.aborted)
    expect(told).toEqual([expect.stringContaining('ceremony.aborted')])
    expect(told).toEqual([expect.stringContaining('logIn.button')])
  })
})

/** One word for one thing (docs/words.md). */
const notOurs: Record<string, RegExp> = {
  'Log in, log out': /\bsign(?:s|ed|ing)?[ -](?:in|out|up|on)\b|\blog(?:in|out|on|off)\b/i,
  'Email, email address': /\be-mail|\bmail(?:s|ed|ing)?\b|\bemail adress|\binbox message/i,
  'Two-step verification': /second factor|two-factor|2fa|mfa\b|two-step (?!verification)/i,
  'Authenticator app': /authenticator(?! app)|\btotp\b|one-time password/i,
  'Backup code': /recovery code|scratch code|backup key/i,
  Passkey: /pass-key|pass key|security key|credential|webauthn|fido/i,
  'Trusted browser': /trusted device|remembered browser/i,
  'Confirm it’s you': /\bsudo\b|re-?authenticat|step-?up|elevat/i,
  'Turn on, turn off': /switch(?:ed)? (?:it )?(?:on|off)|enable|deactivat|activat/i,
  'Someone, not somebody': /\bsomebody\b/i,
  'Subject first, active': /^(?:Else|Then|Hereby)\b|is not your doing/i,
  'Curly apostrophes': /'/,
}

const notGerman: Record<string, RegExp> = {
  'Anmelden, abmelden': /einloggen|ausloggen|\blogin\b|\blogout\b|eingeloggt/i,
  'E-Mail-Adresse': /email|e-mailadresse|\bmails?\b(?<!E-Mails?)/i,
  'Bestätigung in zwei Schritten': /zwei-faktor|zweiter? faktor|2fa/i,
  'Backup-Code': /wiederherstellungscode|notfallcode|backup code/i,
  'Sie, not du': /\b(?:du|dein\w*|dich|dir)\b/i,
}

describe('the vocabulary', () => {
  const english = [
    ...Object.entries(spokenSentences({ accounts: englishAccounts.words })),
    ...Object.entries(spokenSentences({ passkeys: englishPasskeys.words })),
    ...Object.entries(spokenSentences({ organizations: englishOrganizations.words })),
    ...Object.entries(spokenSentences({ app: englishApp.words })),
    ...Object.entries(spokenSentences({ mails: englishMails })),
  ]
  const german = [
    ...Object.entries(spokenSentences({ accounts: germanAccounts.words })),
    ...Object.entries(spokenSentences({ passkeys: germanPasskeys.words })),
    ...Object.entries(spokenSentences({ organizations: germanOrganizations.words })),
    ...Object.entries(spokenSentences({ app: germanApp.words })),
  ]
  const against = (sentences: [string, string][], pattern: RegExp) =>
    sentences.filter(([, sentence]) => pattern.test(sentence)).map(([path, said]) => `${path}: ${said}`)

  it.each(Object.entries(notOurs))('says “%s” in English, on pages and in mails', (_, pattern) => {
    expect(against(english, pattern)).toEqual([])
  })

  it.each(Object.entries(notGerman))('says “%s” in German', (_, pattern) => {
    expect(against(german, pattern)).toEqual([])
  })
})
