import { describe, expect, it } from 'vitest'
import { readRedirect } from './post-json.ts'

describe('readRedirect', () => {
  it.each(['/', '/dashboard', '/users/mfa?redirectTo=%2Fdashboard'])('follows %s', (redirect) => {
    expect(readRedirect({ redirect })).toBe(redirect)
  })

  it.each([
    '',
    'dashboard',
    '//evil.test',
    '/\\evil.test',
    'https://evil.test',
    'javascript:alert(1)',
    7,
    null,
  ])('RD-01: stays where it is for %j', (redirect) => {
    expect(readRedirect({ redirect })).toBeNull()
  })
})
