import { describe, expect, it } from 'vitest'
import { createPolicy, defaultPolicy } from './policy.ts'

describe('createPolicy', () => {
  it('is the default where nothing is changed', () => {
    expect(createPolicy()).toEqual(defaultPolicy)
  })

  it('changes what is named and leaves the rest', () => {
    const policy = createPolicy({
      session: { idleHours: 8 },
      limits: { client: { signIn: { capacity: 5 } } },
    })
    expect(policy.session).toEqual({ ...defaultPolicy.session, idleHours: 8 })
    expect(policy.limits.client.signIn).toEqual({ capacity: 5, perSeconds: 60 })
    expect(policy.limits.target).toEqual(defaultPolicy.limits.target)
  })

  it('never changes the default itself', () => {
    createPolicy({ session: { idleHours: 8 } }).session.absoluteDays = 99
    expect(defaultPolicy.session).toMatchObject({ idleHours: 24, absoluteDays: 7 })
  })

  it('asks more under profile strict, and lets a host ask more still', () => {
    const strict = createPolicy({ profile: 'strict' })
    expect(strict.password.minLength).toBe(15)
    expect(strict.session.rememberedAbsoluteDays).toBe(30)
    expect(strict).toMatchObject({
      secondFactor: 'all',
      totp: { windowSteps: 0 },
      magicLink: { enabled: false },
    })
    expect(strict.trustedBrowser.enabled).toBe(false)
    expect(createPolicy({ profile: 'strict', password: { minLength: 20 } }).password.minLength).toBe(20)
  })

  it('holds the numbers of the contract', () => {
    expect(defaultPolicy).toMatchObject({
      confirmation: { linkHours: 24, codeMinutes: 30, triesPerCode: 5 },
      resetPassword: { linkMinutes: 60 },
      session: { idleHours: 24, absoluteDays: 7, rememberedIdleDays: 30, rememberedAbsoluteDays: 60 },
      pendingSession: { secondFactorMinutes: 5, enrolmentMinutes: 30, passwordChangeMinutes: 30 },
      password: { minLength: 12, maxLength: 256, maxBytes: 1024 },
      passwordHash: { memoryKib: 19_456, passes: 2, parallelism: 1 },
      failedPasswords: { backOffFrom: 5, refuseAt: 100 },
      wrongCodes: { refuseAt: 20 },
      secondFactor: 'optional',
      totp: { windowSteps: 1 },
      secondFactorCodes: { backOffFrom: 20, longestWaitHours: 24, refuseAt: 100, triesPerChallenge: 5 },
      magicLink: { enabled: true, minutes: 10, triesPerCode: 5 },
      sudo: { minutes: 10 },
      trustedBrowser: { enabled: true, days: 30, maxPerBrowser: 5 },
      passkeys: { primary: true, challengeMinutes: 5, maxPerUser: 10 },
      limits: {
        client: { signIn: { capacity: 10, perSeconds: 60 }, register: { capacity: 20, perSeconds: 3600 } },
        target: { signIn: { capacity: 5, perSeconds: 60 }, codeEntry: { capacity: 10, perSeconds: 3600 } },
      },
    })
  })

  it('sweeps no limit that still counts', () => {
    const { limits, failedPasswords, audit } = defaultPolicy
    const buckets = [
      ...Object.values(limits.client),
      ...Object.values(limits.target),
      ...Object.values(limits.recipient),
    ]
    const longestSeconds = Math.max(
      ...buckets.map(({ perSeconds }) => perSeconds),
      failedPasswords.forgetHours * 3600,
      failedPasswords.longestWaitSeconds,
      audit.repeatWindowSeconds,
    )
    expect(limits.sweepAfterHours * 3600).toBeGreaterThan(longestSeconds)
  })

  it('takes no inherited name for a setting', () => {
    expect(() => createPolicy(JSON.parse('{"__proto__":{"polluted":1}}'))).toThrow('not a setting')
    expect(() => createPolicy(JSON.parse('{"constructor":{"prototype":1}}'))).toThrow('not a setting')
  })
})
