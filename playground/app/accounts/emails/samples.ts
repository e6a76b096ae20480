import type { MailSamples, PasskeyMailSamples } from '@sigra/worker'
import { paths } from '../../paths.ts'
import type { MailUser } from './props.ts'

const user: MailUser = {}
const common = { appName: 'Acme', locale: 'en', user }
const occurredAt = new Date('2026-05-04T09:41:00Z')
const browser = { name: 'Firefox', system: 'Windows' }
const address = '203.0.113.7'
const resetUrl = `https://app.example.com${paths.resetPassword}`
const token = 'azEAAQIDBAUGBwgJCgsMDQ4PsampletokenSampleTokenSampleTokenSampleToken0'
const notMeUrl = `https://app.example.com${paths.notMe}/${token}`
const notice = { ...common, occurredAt, browser, address, notMeUrl, notMeDays: 7 }

/** What the mailbox's gallery and the tests fill the mails with. Nothing here is a working link. */
export const samples = {
  confirmAddress: {
    ...common,
    user: null, // as long as the address is not confirmed
    confirmUrl: `https://app.example.com${paths.confirm}/${token}`,
    code: '314159',
    linkHours: 24,
    codeMinutes: 30,
  },
  alreadyRegistered: { ...common, logInUrl: `https://app.example.com${paths.logIn}`, resetUrl },
  magicLink: {
    ...common,
    logInUrl: `https://app.example.com${paths.logIn}/${token}`,
    code: '314159',
    minutes: 10,
    browser,
    address,
  },
  resetPassword: { ...common, resetUrl: `${resetUrl}/${token}`, minutes: 60 },
  sudoCode: { ...common, code: '314159', minutes: 10, resetUrl, browser, address },
  passwordChanged: notice,
  passwordSet: notice,
  addressConfirmed: notice,
  newSignIn: notice,
  secondFactorAdded: { ...notice, removableHours: 72 },
  secondFactorRemoved: notice,
  secondFactorBlocked: { ...notice, isRefused: true },
  trustedBrowserCopied: notice,
  backupCodeUsed: { ...notice, codesLeft: 9 },
  backupCodesReplaced: notice,
  sudoRecovery: notice,
  passkeyAdded: { ...notice, nickname: 'Blue phone' },
  passkeyRemoved: { ...notice, nickname: 'Blue phone' },
  passkeyCopied: { ...notice, nickname: 'Blue phone' },
  signInBlocked: { ...common, occurredAt, resetUrl },
  codesBlocked: { ...common, occurredAt, resetUrl },
  notMeDone: { ...common, occurredAt, browser, address, resetUrl, removed: ['password', 'passkey'] },
} satisfies MailSamples<MailUser> & PasskeyMailSamples<MailUser>
