import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { landingPath, localPath, signInPath } from './redirects.ts'
import { createOfflineSigra } from './testing-only/offline-sigra.ts'

const { sigra } = createOfflineSigra()
const { settings } = sigra.edge

describe('landingPath', () => {
  it.each([
    '//evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '\\/evil.test',
    '///evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    ' //evil.test',
    '/./\\evil.test',
    '/.//evil.test',
    'javascript:alert(1)',
  ])('RD-01: refuses %j', (target) => {
    expect(landingPath(settings, target)).toBeNull()
    expect(localPath(settings, target)).toBe('/')
  })

  it.each([
    'https://app.test@evil.test',
    'https://app.test.evil.test',
    'https://app.test:444/',
    'https://аpp.test/',
  ])('RD-04: refuses %s', (target) => {
    expect(landingPath(settings, target)).toBeNull()
  })

  it('is what pages on the way are told, or the start page', () => {
    expect(sigra.landingPath('/dashboard?tab=2')).toBe('/dashboard?tab=2')
    for (const target of [
      '//evil.test',
      'javascript:alert(1)',
      '/users/log-in/add-passkey',
      '',
      null,
      ['/x'],
    ])
      expect(sigra.landingPath(target)).toBe('/')
  })

  it.each([
    '/users/log-in',
    '/users/log-out',
    '/users/register',
    '/users/confirm/abc',
    '/users/reset-password/continue?f=x',
    '/USERS/log-in',
    '/%75sers/log-out',
    '/users//log-in',
    '/api/things',
    '/dashboard.data',
    '/health/ready',
  ])('RD-08: refuses %s as a landing', (target) => {
    expect(landingPath(settings, target)).toBeNull()
  })

  it.each(['/a\r\nSet-Cookie: x=y', '/a\0b', '/a\u0085b'])('RD-09: refuses %j', (target) => {
    expect(landingPath(settings, target)).toBeNull()
  })

  it('keeps a page of the app with its query', () => {
    expect(landingPath(settings, '/dashboard?tab=2#top')).toBe('/dashboard?tab=2#top')
    expect(landingPath(settings, '/users/settings')).toBe('/users/settings')
  })

  it('RD-05: whatever it lets through leads a browser to our own origin', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '%2f',
      '%5c',
      '%09',
      '@',
      ':',
      'evil.test',
      '\t',
      '\n',
      '?',
      '#',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), (pieces) => {
        const path = landingPath(settings, `/${pieces.join('')}`)
        expect(path === null || new URL(path, 'https://app.test').origin === 'https://app.test').toBe(true)
      }),
    )
  })
})

describe('signInPath', () => {
  it('leads to log-in and back', () => {
    expect(signInPath(settings, null, '/dashboard?tab=2')).toBe(
      '/users/log-in?redirectTo=%2Fdashboard%3Ftab%3D2',
    )
    expect(signInPath(settings, null, '/')).toBe('/users/log-in')
    expect(signInPath(settings, null, '//evil.test')).toBe('/users/log-in')
  })

  it('SESS-13: leads a pending sign-in to the step it waits for', () => {
    expect(signInPath(settings, 'second-factor', '/dashboard')).toBe('/users/mfa?redirectTo=%2Fdashboard')
    expect(signInPath(settings, 'enrolment', null)).toBe('/users/mfa/enroll')
    expect(signInPath(settings, 'password-change', null)).toBe('/users/change-password')
  })
})

describe('sigra.redirect', () => {
  it('RD-01: answers 303 to a path of the app and to nothing else', () => {
    const args = { request: new Request('https://app.test/x') }
    const go = (path: string) => sigra.redirect(args, path)
    expect(go('/users/log-in').status).toBe(303)
    expect(go('/users/log-in').headers.get('location')).toBe('/users/log-in')
    expect(go('https://evil.test/').headers.get('location')).toBe('/')
  })
})
