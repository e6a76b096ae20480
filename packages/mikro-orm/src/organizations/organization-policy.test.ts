import { describe, expect, it } from 'vitest'
import { parseOrganizationPolicy } from './organization-policy.ts'

const none = { secondFactorInDays: null, allowedMethods: null, maxSessionMinutes: null }

describe('the policy of an organization', () => {
  it('asks for two factors, for one of some methods, and for a log-in not long ago', () => {
    const typed = { secondFactorInDays: 30, allowedMethods: ['user', 'otp', 'otp'], maxSessionMinutes: 15 }
    expect(parseOrganizationPolicy(typed)).toEqual({ ...typed, allowedMethods: ['otp', 'user'] })
    expect(parseOrganizationPolicy(none)).toEqual(none)
  })

  it.each([
    { secondFactorInDays: 31 },
    { secondFactorInDays: -1 },
    { secondFactorInDays: '' },
    { allowedMethods: [] },
    { allowedMethods: ['backup'] },
    { allowedMethods: ['otp', '__proto__'] },
    { allowedMethods: 'otp' },
    { maxSessionMinutes: 14 },
    { maxSessionMinutes: 60.5 },
    { maxSessionMinutes: Number.NaN },
    { maxSessionMinutes: undefined },
  ])('is nothing that would be guessed at: %o', (typed) => {
    expect(parseOrganizationPolicy({ ...none, ...typed })).toBeNull()
  })
})
