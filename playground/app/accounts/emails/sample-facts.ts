import { paths } from '../../paths.ts'
import type { MailUser } from './props.ts'

const user: MailUser = {}
export const common = { appName: 'Acme', locale: 'en', user }
export const occurredAt = new Date('2026-05-04T09:41:00Z')
export const browser = { name: 'Firefox', system: 'Windows' }
export const address = '203.0.113.7'
export const resetUrl = `https://app.example.com${paths.resetPassword}`
export const token = 'azEAAQIDBAUGBwgJCgsMDQ4PsampletokenSampleTokenSampleTokenSampleToken0'
const notMeUrl = `https://app.example.com${paths.notMe}/${token}`

/** What every mail about something done to the account says. */
export const notice = { ...common, occurredAt, browser, address, notMeUrl, notMeDays: 7 }
