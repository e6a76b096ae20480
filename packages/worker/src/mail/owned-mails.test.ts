import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { mailKindsOf } from '@sigra/mikro-orm'
import { describe, expect, it, vi } from 'vitest'
import { areas } from '../../../../generators/template/app/areas.ts'
import { mails } from '../../../../generators/template/app/accounts/emails/index.ts'
import { samples } from '../../../../generators/template/app/accounts/emails/samples.ts'
import { renderSamples } from './call-template.ts'
import { renderMail } from './render-mail.ts'

const kinds = mailKindsOf(areas)
const texts = join(import.meta.dirname, '../../../../fixtures/mails')
const reviewed = (await readdir(texts)).filter((name) => name.endsWith('.txt'))
const rendered = await renderSamples(mails, samples)
const bySample = Object.fromEntries(rendered.map((sample) => [sample.name, sample]))

// Every notice that says who did something, and offers to undo it.
const disputable = Object.entries(samples)
  .filter(([, sample]) => 'notMeUrl' in sample)
  .map(([kind]) => kind)

describe('the mails of a new app', () => {
  it('has a template, a sample and a reviewed text for every kind', () => {
    expect(
      rendered.map(({ name }) => name),
      'A kind of email lacks its template or its sample: samples.ts and index.ts of emails',
    ).toEqual(kinds)
    expect(
      reviewed.toSorted(),
      'Texts in fixtures/mails that are missing are written by this run, elsewhere than in CI: read them',
    ).toEqual(kinds.map((kind) => `${kind}.txt`).toSorted())
  })

  it.each(rendered)('says in $name what was reviewed', async ({ name, subject, text }) => {
    await expect(`Subject: ${subject}\n\n${text}\n`).toMatchFileSnapshot(join(texts, `${name}.txt`))
  })

  it('asks to confirm by link or code, and says what to do if it was someone else', () => {
    const { subject, text } = bySample['confirmAddress'] ?? never()
    expect(subject).toBe('Confirm your email address for Acme')
    expect(text).toContain(`Confirm email address ${samples.confirmAddress.confirmUrl}`)
    expect(text).toContain('within 24 hours. The link works once.')
    expect(text).toContain('enter this code in the browser where you registered. It works for 30 minutes.')
    expect(text).toMatch(/^314159$/m)
    expect(text).toContain('“I didn’t register”')
  })

  it('tells an owner that the address has an account already', () => {
    const { subject, text } = bySample['alreadyRegistered'] ?? never()
    expect(subject).toBe('You already have an account at Acme')
    expect(text).toContain(`Log in ${samples.alreadyRegistered.logInUrl}`)
    expect(text).toMatch(/Choose a new one https:\/\/app\.example\.com\/users\/reset-password$/m)
    expect(text).toContain('nothing has changed')
  })

  it('gives a link to a new password', () => {
    const { subject, text } = bySample['resetPassword'] ?? never()
    expect(subject).toBe('Choose a new password for Acme')
    expect(text).toContain(`Choose a new password ${samples.resetPassword.resetUrl}`)
    expect(text).toContain('within 60 minutes')
    expect(text).toContain('If you didn’t ask for this, ignore this email.')
  })

  it.each(['magicLink', 'sudoCode'])('says in %s how long the code lives and who asked', (kind) => {
    const { text } = bySample[kind] ?? never()
    expect(text).toMatch(/^314159$/m)
    expect(text).toMatch(/within 10 minutes/)
    expect(text).toContain('Browser: Firefox on Windows')
    expect(text).toContain('IP address: 203.0.113.7')
  })

  it.each(disputable)('says in %s when, from where, and offers “This wasn’t me”', (kind) => {
    const { text } = bySample[kind] ?? never()
    expect(text).toContain('When: May 4, 2026 at 9:41 AM UTC')
    expect(text).toContain('Browser: Firefox on Windows')
    expect(text).toContain('IP address: 203.0.113.7')
    expect(text).toMatch(/^If (?:this was you|you did it after all), /m)
    expect(text).toContain(`This wasn’t me ${samples.passwordChanged.notMeUrl}`)
    const days: Partial<Record<string, number>> = {
      deletionScheduled: 14,
      deletionReminder: 2,
      organizationDeletionScheduled: 14,
    }
    expect(text).toContain(`The link works for ${days[kind] ?? 7} days.`)
  })

  it('says that log-in attempts were blocked, and what lifts the block', () => {
    const { subject, text } = bySample['signInBlocked'] ?? never()
    expect(subject).toBe('We blocked log-in attempts at Acme')
    expect(text).toContain('Since: May 4, 2026 at 9:41 AM UTC')
    expect(text).toContain('To lift the block, choose a new password.')
    expect(text).toContain('They did not get in')
  })

  it('says how long a second factor waits, or that codes are refused', async () => {
    const waits = await renderMail(
      mails.secondFactorBlocked({ ...samples.secondFactorBlocked, isRefused: false }),
    )
    expect(waits.text).toContain('you have to wait longer')
    expect(bySample['secondFactorBlocked']?.text).toContain(
      'no longer work. To turn them on again, log in with a passkey or contact us.',
    )
  })

  it('asks the old mailbox to approve a new address only where it waits for that', async () => {
    const { text, html } = bySample['emailChangeRequested'] ?? never()
    expect(text).toContain('If this was you, review the change and approve it.')
    expect(html).not.toContain('you don’t need to do anything')
    const told = { ...samples.emailChangeRequested, approveUrl: null }
    const waits = await renderMail(mails.emailChangeRequested(told))
    expect(waits.text).toContain('If this was you, you don’t need to do anything.')
    expect(waits.text).not.toContain('approve')
  })

  it('asks for new backup codes when few are left', async () => {
    const write = async (codesLeft: number) =>
      (await renderMail(mails.backupCodeUsed({ ...samples.backupCodeUsed, codesLeft }))).text
    expect(await write(4)).not.toContain('Get new ones')
    expect(await write(1)).toContain('You have one backup code left. Get new ones')
    expect(await write(0)).toContain('You have no backup codes left. Get new ones')
  })

  it('names after “This wasn’t me” all that was taken away, and nothing else', async () => {
    const write = async (removed: ('password' | 'second-factor' | 'passkey')[]) =>
      (await renderMail(mails.notMeDone({ ...samples.notMeDone, removed }))).text
    const sentences = [/removed the password/, /removed the authenticator app/, /removed the passkey/]
    const found = async (removed: Parameters<typeof write>[0]) => {
      const text = (await write(removed)).replaceAll('\n', ' ')
      return sentences.map((each) => each.test(text))
    }
    expect(await found([])).toEqual([false, false, false])
    expect(await found(['password'])).toEqual([true, false, false])
    expect(await found(['password', 'second-factor'])).toEqual([true, true, false])
    expect(await found(['passkey'])).toEqual([false, false, true])
  })

  it('puts no link and no code into a subject (MAIL-02)', () => {
    for (const { subject } of rendered) expect(subject).not.toMatch(/https?:|\d{6}/)
  })

  it('holds a link to no other origin and loads nothing (TOK-09)', () => {
    for (const { name, html } of rendered) {
      const links = [...html.matchAll(/href="(?<link>[^"]*)"/g)].map((match) => match.groups?.['link'])
      expect([name, links.length > 0]).toEqual([
        name,
        !['emailIsNow', 'emailLeft', 'accountDeleted', 'memberRemoved', 'organizationToBeDeleted'].includes(
          name,
        ),
      ])
      expect(links.every((link) => link?.startsWith('https://app.example.com/'))).toBe(true)
      expect(html).not.toMatch(/<(?:img|script|iframe|object|video)\b|\burl\(|@import|<link\b|<base\b/i)
    }
  })

  it('has the brand of app.css: another hue there is another colour here', async () => {
    const css = '../../../../generators/template/app/app.css?raw'
    const button = /class="button"[^>]*background(?:-color)?:\s*(#[\da-f]{6})/
    const before = button.exec(bySample['confirmAddress']?.html ?? '')?.[1]
    vi.resetModules()
    vi.doMock(css, async (original) => {
      const { default: text } = await original<{ default: string }>()
      return { default: text.replace('--brand-hue: 168', '--brand-hue: 28') }
    })
    const owned = await import('../../../../generators/template/app/accounts/emails/index.ts')
    const { html } = await renderMail(owned.mails.confirmAddress(samples.confirmAddress))
    vi.doUnmock(css)
    expect([before, button.exec(html)?.[1]]).toEqual(['#065e47', '#783c35'])
  })

  it('comes in light and dark', () => {
    for (const { html } of rendered) {
      expect(html).toContain('<meta name="color-scheme" content="light dark"/>')
      expect(html).toContain('@media (prefers-color-scheme: dark)')
    }
  })

  it('offers no unsubscribing from what keeps an account safe (TOK-17)', () => {
    for (const { html, text } of rendered) expect(html + text).not.toMatch(/unsubscribe/i)
  })

  it('shows whatever a name holds as text (INJ-05)', async () => {
    const name = '<img src=x onerror=alert(1)><a href="https://evil.test">Acme</a>'
    const mail = { ...samples.passkeyAdded, appName: name, nickname: name }
    for (const written of [
      mails.resetPassword({ ...samples.resetPassword, appName: name }),
      mails.passkeyAdded(mail),
      mails.passkeyRemoved(mail),
    ]) {
      const { html, text } = await renderMail(written)
      expect(html).not.toMatch(/<img|<a [^>]*evil/)
      expect(text).toContain('<img src=x')
    }
  })

  it('says what it says where no browser, address or name is known', async () => {
    const browser = { name: null, system: null }
    const { text } = await renderMail(
      mails.passkeyAdded({ ...samples.passkeyAdded, browser, address: null, nickname: null }),
    )
    expect(text).toContain('Browser: An unknown browser\nIP address: unknown')
    expect(text).toContain('has a new passkey. Anyone')
    const onLinux = { ...samples.newSignIn, browser: { name: null, system: 'Linux' } }
    expect((await renderMail(mails.newSignIn(onLinux))).text).toContain('Browser: A browser on Linux')
  })

  it('has one word for one thing', () => {
    for (const { subject, text } of rendered) {
      const spoken = `${subject}\n${text.replaceAll(/https:\S+/g, '')}`
      expect(spoken).not.toMatch(
        /\bsign(?:ed|ing|s)?[ -](?:in|out|up)\b|\blogin\b|\be-mail|\bmails?\b|\bdevice/i,
      )
      expect(spoken).not.toMatch(/second factor|two-factor|2fa|\bsudo\b|recovery code|\bcookie/i)
    }
  })
})

function never(): never {
  throw new Error('not rendered')
}
