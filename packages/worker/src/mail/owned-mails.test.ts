import { describe, expect, it } from 'vitest'
import { mails } from '../../../../generators/template/app/accounts/emails/index.ts'
import { samples } from '../../../../generators/template/app/accounts/emails/samples.ts'
import { type RenderedMail, renderMail } from './render-mail.ts'

const rendered: Record<keyof typeof mails, RenderedMail> = {
  confirmAddress: await renderMail(mails.confirmAddress(samples.confirmAddress)),
  alreadyRegistered: await renderMail(mails.alreadyRegistered(samples.alreadyRegistered)),
  resetPassword: await renderMail(mails.resetPassword(samples.resetPassword)),
  passwordChanged: await renderMail(mails.passwordChanged(samples.passwordChanged)),
  addressConfirmed: await renderMail(mails.addressConfirmed(samples.addressConfirmed)),
  signInBlocked: await renderMail(mails.signInBlocked(samples.signInBlocked)),
}

describe('the mails of a new app', () => {
  it('asks to confirm by link or code, and says what to do if it was someone else', () => {
    const { subject, text } = rendered.confirmAddress
    expect(subject).toBe('Confirm your address for Acme')
    expect(text).toContain(`Confirm address ${samples.confirmAddress.confirmUrl}`)
    expect(text).toContain('The link works once, for 24 hours.')
    expect(text).toContain('enter this code in the browser where you registered, within 30 minutes')
    expect(text).toMatch(/^314159$/m)
    expect(text).toContain('“I did not register”')
  })

  it('tells an owner that the address has an account already', () => {
    const { subject, text } = rendered.alreadyRegistered
    expect(subject).toBe('You already have an account at Acme')
    expect(text).toContain(`Log in ${samples.alreadyRegistered.logInUrl}`)
    expect(text).toMatch(/Choose a new one https:\/\/app\.example\.com\/users\/reset-password$/m)
    expect(text).toContain('nothing has changed')
  })

  it('gives a link to a new password', () => {
    const { subject, text } = rendered.resetPassword
    expect(subject).toBe('Choose a new password for Acme')
    expect(text).toContain(`Choose a new password ${samples.resetPassword.resetUrl}`)
    expect(text).toContain('for 60 minutes')
    expect(text).toContain('You did not ask? Then do nothing')
  })

  it.each(['passwordChanged', 'addressConfirmed'] as const)(
    'says in %s what happened, when, from where, and what to do if it was not you',
    (kind) => {
      const { subject, text } = rendered[kind]
      expect(subject).toMatch(/^Your (password at Acme was changed|address at Acme is confirmed)$/)
      expect(text).toContain('When: 4 May 2026 at 09:41 UTC')
      expect(text).toContain('Browser: Firefox on Windows')
      expect(text).toContain('IP address: 203.0.113.7')
      expect(text).toContain('If it was not, choose a new password')
      expect(text).toContain('Choose a new password https://app.example.com/users/reset-password')
    },
  )

  it('says that sign-in attempts were blocked, and what lifts the block', () => {
    const { subject, text } = rendered.signInBlocked
    expect(subject).toBe('We blocked sign-in attempts at Acme')
    expect(text).toContain('Since: 4 May 2026 at 09:41 UTC')
    expect(text).toContain('To lift the block, choose a new password.')
    expect(text).toContain('Nobody got in this way')
  })

  it('puts no link and no code into a subject (MAIL-02)', () => {
    for (const { subject } of Object.values(rendered)) expect(subject).not.toMatch(/https?:|\d{6}/)
  })

  it('holds a link to no other origin and loads nothing (TOK-09)', () => {
    for (const { html } of Object.values(rendered)) {
      const links = [...html.matchAll(/href="(?<link>[^"]*)"/g)].map((match) => match.groups?.['link'])
      expect(links.length).toBeGreaterThan(0)
      expect(links.every((link) => link?.startsWith('https://app.example.com/'))).toBe(true)
      expect(html).not.toMatch(/<(?:img|script|iframe|object|video)\b|\burl\(|@import|<link\b|<base\b/i)
    }
  })

  it('comes in light and dark', () => {
    for (const { html } of Object.values(rendered)) {
      expect(html).toContain('<meta name="color-scheme" content="light dark"/>')
      expect(html).toContain('@media (prefers-color-scheme: dark)')
    }
  })

  it('offers no unsubscribing from what keeps an account safe (TOK-17)', () => {
    for (const { html, text } of Object.values(rendered)) expect(html + text).not.toMatch(/unsubscribe/i)
  })

  it('shows whatever a name holds as text (INJ-05)', async () => {
    const appName = '<img src=x onerror=alert(1)><a href="https://evil.test">Acme</a>'
    const { html, text } = await renderMail(mails.resetPassword({ ...samples.resetPassword, appName }))
    expect(html).not.toMatch(/<img|<a [^>]*evil/)
    expect(text).toContain('<img src=x')
  })
})

describe('renderMail', () => {
  it('keeps a subject on one line and of sane length (INJ-04)', async () => {
    const mail = mails.resetPassword(samples.resetPassword)
    const { subject } = await renderMail({
      ...mail,
      subject: `Hello\r\nBcc: eve@evil.test\u2028${'x'.repeat(500)}`,
    })
    expect(subject).toMatch(/^Hello Bcc: eve@evil.test x+$/)
    expect(subject).toHaveLength(200)
  })

  it('gives the same bytes for the same mail', async () => {
    expect(await renderMail(mails.confirmAddress(samples.confirmAddress))).toEqual(rendered.confirmAddress)
  })
})
