import { describe, expect, it } from 'vitest'
import { google, trustGoogle } from './google.ts'

describe('google', () => {
  it('OA-10: rules over its own mailboxes and the domains it hosts, where it verified the address', () => {
    const rule = (email_verified: unknown, domain: string, hd?: unknown) =>
      trustGoogle({ email_verified, hd }, domain)
    expect(rule(true, 'gmail.com')).toEqual({ isVerified: true, isAuthoritative: true })
    expect(rule(true, 'example.com', 'Example.com')).toEqual({ isVerified: true, isAuthoritative: true })
    expect(rule(true, 'example.com', 'other.com')).toEqual({ isVerified: true, isAuthoritative: false })
    expect(rule(true, 'example.com')).toEqual({ isVerified: true, isAuthoritative: false })
    for (const claim of [false, 'true', 1, undefined])
      expect(rule(claim, 'gmail.com')).toMatchObject({ isVerified: false })
  })

  it('says what is missing', () => {
    expect(() => google({ clientId: 'x', clientSecret: '' })).toThrow(
      'oauth: google: clientSecret is missing',
    )
    expect(google({ clientId: 'x', clientSecret: 'y' })).toMatchObject({ id: 'google', label: 'Google' })
  })
})
