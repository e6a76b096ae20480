import { describe, expect, it } from 'vitest'
import { createCookieSettings } from './cookie-settings.ts'

const at = (origin: string, domain?: string) => createCookieSettings(new URL(origin), 'My App!', domain)

describe('createCookieSettings', () => {
  it('pins cookies to the host on https', () => {
    expect(at('https://app.test')).toEqual({
      names: {
        session: '__Host-sid',
        flow: '__Host-flow',
        browser: '__Host-browser',
        trusted: '__Host-trusted',
        flash: '__Host-flash',
        way: '__Host-way',
      },
      secure: true,
      domain: null,
    })
  })

  it('tells two local apps apart', () => {
    expect(at('http://localhost:5173').names.session).toBe('my-app_5173_sid')
    expect(at('http://localhost').names.session).toBe('my-app_80_sid')
    expect(createCookieSettings(new URL('http://localhost:1'), '日本', undefined).names.session).toBe(
      'app_1_sid',
    )
  })

  it('PRE-09 shares the session with subdomains when a parent domain is set, and nothing else', () => {
    expect(at('https://app.example.com', 'example.com')).toEqual({
      names: {
        session: '__Secure-sid',
        flow: '__Host-flow',
        browser: '__Host-browser',
        trusted: '__Host-trusted',
        flash: '__Host-flash',
        way: '__Host-way',
      },
      secure: true,
      domain: 'example.com',
    })
    expect(at('https://app.example.com', '.example.com').domain).toBe('example.com')
    expect(at('https://app.example.com', '').domain).toBeNull()
  })

  it.each(['example.org', 'ample.com', 'com', 'app.example.com.', 'example.com; Secure'])(
    'refuses the domain "%s"',
    (domain) => {
      expect(() => at('https://app.example.com', domain)).toThrow('cookieDomain (COOKIE_DOMAIN) must be')
    },
  )

  it.each([
    ['http://127.0.0.1:5173', '127.0.0.1', 'must be a parent'],
    ['https://app.co.uk', 'co.uk', 'browsers keep no cookie for co.uk'],
  ])('CFG-08 refuses what a browser would ignore: %s, %s', (origin, domain, sentence) => {
    expect(() => at(origin, domain)).toThrow(sentence)
  })
})
