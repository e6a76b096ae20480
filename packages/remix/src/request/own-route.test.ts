import { describe, expect, it } from 'vitest'
import { isBelow, routedPath } from './own-route.ts'

const isOurs = (pathname: string) => isBelow(routedPath(pathname), ['/users'])

describe('isBelow', () => {
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
    '/%zz',
  ])('CSRF-06: counts %s as ours', (pathname) => {
    expect(isOurs(pathname)).toBe(true)
  })

  it.each(['/', '/userstories', '/api/users', '/dashboard.data', '/%2575sers'])(
    'leaves %s to the host',
    (pathname) => {
      expect(isOurs(pathname)).toBe(false)
    },
  )
})
