import { describe, expect, it } from 'vitest'
import { passkeys } from '../../../mikro-orm/src/passkeys/area.ts'
import { plainMails } from '../testing-only/plain-mails.ts'
import { callTemplate } from './call-template.ts'
import { checkMails } from './check-mails.ts'
import type { Mails } from './mails.ts'

const {
  passkeyAdded: _added,
  passkeyRemoved: _removed,
  passkeyCopied: _copied,
  ...withoutPasskeys
} = plainMails

const accounts = { areas: [] }
const withThem = { areas: [{ declaration: passkeys }] }

describe('checkMails', () => {
  it('takes an app that has a template for every mail', () => {
    expect(() => checkMails(plainMails, withThem)).not.toThrow()
  })

  it('asks an app for the templates of passkeys only where it has passkeys', () => {
    expect(() => checkMails(withoutPasskeys, accounts)).not.toThrow()
    expect(() => checkMails(withoutPasskeys, withThem)).toThrow(
      /^mails has no template for passkeyAdded, passkeyRemoved, passkeyCopied$/,
    )
  })

  it('names what owned files lack that are older than the library', () => {
    const older: Mails = { ...plainMails }
    Reflect.deleteProperty(older, 'newSignIn')
    expect(() => checkMails(older, withThem)).toThrow('mails has no template for newSignIn')
  })
})

describe('callTemplate', () => {
  it('has no answer for a mail the app has no template for', () => {
    const at = { occurredAt: new Date(0), browser: { name: 'Firefox', system: null }, address: '192.0.2.1' }
    const link = { notMeUrl: 'https://app.test/', notMeDays: 7 }
    const props = { appName: 'Acme', locale: 'en', user: null, ...at, ...link, nickname: 'Phone' }
    expect(callTemplate(withoutPasskeys, 'passkeyAdded', props)).toBeNull()
    expect(callTemplate(plainMails, 'passkeyAdded', props)?.subject).toBe('passkeyAdded of Acme')
  })
})
