import type { MailSamples } from '@sigra/worker'

const occurredAt = new Date('2026-05-04T09:41:00Z')
const browser = 'Firefox on Windows'
const address = '203.0.113.7'
const resetUrl = 'https://app.example.com/users/reset-password'
const token = 'azEAAQIDBAUGBwgJCgsMDQ4PsampletokenSampleTokenSampleTokenSampleToken0'

/** What the mailbox's gallery and the tests fill the mails with. Nothing here is a working link. */
export const samples = {
  confirmAddress: {
    appName: 'Acme',
    confirmUrl: `https://app.example.com/users/confirm/${token}`,
    code: '314159',
    linkHours: 24,
    codeMinutes: 30,
  },
  alreadyRegistered: { appName: 'Acme', logInUrl: 'https://app.example.com/users/log-in', resetUrl },
  resetPassword: { appName: 'Acme', resetUrl: `${resetUrl}/${token}`, minutes: 60 },
  passwordChanged: { appName: 'Acme', occurredAt, browser, address, resetUrl },
  addressConfirmed: { appName: 'Acme', occurredAt, browser, address, resetUrl },
  signInBlocked: { appName: 'Acme', occurredAt, resetUrl },
} satisfies MailSamples
