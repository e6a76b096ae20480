import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRouteSet, routedPath } from './own-route.ts'

const routes = createRouteSet([
  '/users',
  '/users/log-in',
  '/users/log-in/:token',
  '/users/log-in/passkey/options',
])
const isOurs = (pathname: string) => routes.has(routedPath(pathname))

describe('a set of routes', () => {
  it.each([
    '/users',
    '/users/',
    '/users/log-in',
    '/users/log-in.data',
    '/users.data',
    '/users/_.data',
    '/USERS/Log-In',
    '/%75sers/log-in',
    '//users//log-in',
    '/users%2Flog-in',
    '/users/log-in/token',
    '/users/log-in/to%2Fken',
    '/users/log-in/%2e%2e%2f',
    '/users/log-in/passkey/options.data',
    '/%zz',
  ])('CSRF-06: counts %s as ours', (pathname) => {
    expect(isOurs(pathname)).toBe(true)
  })

  it.each([
    '/',
    '/userstories',
    '/api/users',
    '/users/pictures',
    '/users/log-in-again',
    '/dashboard.data',
    '/%2575sers',
  ])('leaves %s to the host', (pathname) => {
    expect(isOurs(pathname)).toBe(false)
  })

  it('CSRF-06: counts a route of ours as ours, however its letters and slashes are spelt', () => {
    const spelled = fc.constantFrom(
      (letter: string) => letter,
      (letter: string) => letter.toUpperCase(),
      (letter: string) => `%${letter.charCodeAt(0).toString(16)}`,
    )
    const slash = fc.constantFrom('/', '//', '/%2F', '%5C/', '/%2f/')
    const rest = fc.constantFrom('', '/', '/log-in', '/log-in.data', '.data', '/_.data', '/%zz')
    fc.assert(
      fc.property(slash, fc.array(spelled, { minLength: 5, maxLength: 5 }), rest, (start, spell, end) => {
        const name = spell.map((write, index) => write('users'[index] ?? '')).join('')
        expect(isOurs(`/${start}${name}${end}`)).toBe(true)
      }),
    )
  })

  it('CSRF-06: reads any path without a throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof isOurs(`/${text}`)).toBe('boolean')
      }),
    )
  })
})
