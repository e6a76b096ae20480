import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRedirectTo } from './redirect.ts'
import { anyText } from './testing-only/any-text.ts'

const options = { origin: 'https://app.test', refusedPrefixes: ['/users', '/api/'] }
const check = (value: unknown): string | null => parseRedirectTo(value, options)

describe('parseRedirectTo', () => {
  it.each([
    '/',
    '/dashboard',
    '/a/b?c=d&e=%2F#f',
    '/suche?q=gr%C3%BC%C3%9Fe',
    '/usersettings',
    '/data',
    '/a?b=//c',
  ])('lets %s through unchanged', (path) => {
    expect(check(path)).toBe(path)
  })

  it('normalises what it lets through', () => {
    expect(check('/a/../b/./c')).toBe('/b/c')
    expect(check('/grüße')).toBe('/gr%C3%BC%C3%9Fe')
  })

  it.each([
    '//evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '\\/evil.test',
    '///evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    '/\r\n/evil.test',
    ' //evil.test',
    ' /dashboard',
    '\t//evil.test',
    '/.//evil.test',
    '/a/..//evil.test',
    '/./\\evil.test',
    '/%2e//evil.test',
    '/a/%2E%2e//evil.test',
  ])('RD-01 refuses %j', (value) => {
    expect(check(value)).toBeNull()
  })

  it.each([
    'https://app.test@evil.test/',
    'https://app.test.evil.test/',
    'https://app.test:444/',
    'https://аpp.test/',
    'https://app.test/dashboard',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.test',
    'dashboard',
    '@evil.test',
    ':444/',
    '?a=b',
    '#a',
    '',
  ])('RD-04 refuses %j: only a path is taken', (value) => {
    expect(check(value)).toBeNull()
  })

  it.each([
    '/%2f%2fevil.test',
    '/%2F/evil.test',
    '/%5cevil.test',
    '/%252f%252fevil.test',
    '/%09/evil.test',
    '/%0d%0aa',
  ])('RD-05 leaves %s the inert path it is: never decoded again', (value) => {
    expect(check(value)).toBe(value)
  })

  it('RD-06 refuses the data requests of a router', () => {
    expect(check('/dashboard.data')).toBeNull()
    expect(check('/dashboard.data?_routes=child')).toBeNull()
  })

  it.each([
    '/users',
    '/users/',
    '/users/log-out',
    '/users/log-in?redirectTo=%2Fusers%2Flog-in',
    '/users?x',
    '/users#x',
    '/Users/Log-Out',
    '/%75sers/log-out',
    '/users%2flog-out',
    '/a/../users/log-out',
    '/a//../../users/log-out',
    '/users//log-out',
    '/users/log-in/AbC-token',
    '/api',
    '/api/x',
  ])('RD-08 refuses %s', (value) => {
    expect(check(value)).toBeNull()
  })

  it('RD-08 refuses a route of ours in any mix of case and percent signs', () => {
    const spelled = fc.constantFrom(
      (letter: string) => letter,
      (letter: string) => letter.toUpperCase(),
      (letter: string) => `%${letter.charCodeAt(0).toString(16)}`,
    )
    fc.assert(
      fc.property(
        fc.array(spelled, { minLength: 5, maxLength: 5 }),
        fc.constantFrom('', '/', '/x'),
        (spell, rest) => {
          const path = spell.map((write, index) => write('users'[index] ?? '')).join('')
          expect(check(`/${path}${rest}`)).toBeNull()
        },
      ),
    )
  })

  it.each(['/a\r\nSet-Cookie: x=y', '/a\nb', '/a\rb', '/a\0b', '/\u0000', '/a\u0085b', '/a\u007f'])(
    'RD-09 refuses %j',
    (value) => {
      expect(check(value)).toBeNull()
    },
  )

  it.each([undefined, null, 42, ['/dashboard'], { toString: () => '/dashboard' }, `/${'a'.repeat(2048)}`])(
    'refuses what is no short text',
    (value) => {
      expect(check(value)).toBeNull()
    },
  )

  it('RD-01 RD-04 RD-05 RD-09 stays on our origin whatever comes, checked once or twice', () => {
    const pieces = [
      '/',
      '\\',
      '.',
      '..',
      '%2f',
      '%5c',
      '%2e',
      '%09',
      '\t',
      '\n',
      '\r',
      ' ',
      '@',
      ':',
      '?',
      '#',
      'evil.test',
      'a',
      'ä',
      '\ud800',
    ]
    const hostile = fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(
        fc.oneof(
          hostile,
          hostile.map((rest) => `/${rest}`),
          anyText(),
          fc.webUrl(),
        ),
        (value) => {
          const target = check(value)
          fc.pre(target !== null)
          expect(new URL(target, options.origin).origin).toBe(options.origin)
          expect(target).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/)
          expect(check(target)).toBe(target)
        },
      ),
      { numRuns: 3000 },
    )
  })
})
