import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPolicy, defaultPolicy, listPolicy } from './create-policy.ts'
import { listDeviations } from './policy-deviations.ts'

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
      pendingSession: {
        secondFactorMinutes: 5,
        enrolmentMinutes: 30,
        passwordChangeMinutes: 30,
        reactivationMinutes: 30,
        consentMinutes: 30,
      },
      password: { minLength: 12, maxLength: 256, maxBytes: 1024 },
      passwordHash: { memoryKib: 19_456, passes: 2, parallelism: 1 },
      mailedLinks: { maxLiving: 5 },
      failedPasswords: { backOffFrom: 5, refuseAt: 100 },
      wrongCodes: { refuseAt: 20 },
      secondFactor: 'optional',
      totp: { windowSteps: 1 },
      secondFactorCodes: { backOffFrom: 20, longestWaitHours: 24, refuseAt: 100, triesPerChallenge: 5 },
      magicLink: { enabled: true, minutes: 10, triesPerCode: 5 },
      sudo: { minutes: 10 },
      deletion: { strategy: 'anonymise', graceDays: 14, reminderDays: 2, holdAddressDays: 0 },
      trustedBrowser: { enabled: true, days: 30, maxPerBrowser: 5 },
      limits: {
        client: { signIn: { capacity: 10, perSeconds: 60 }, register: { capacity: 20, perSeconds: 3600 } },
        target: { signIn: { capacity: 5, perSeconds: 60 }, codeEntry: { capacity: 10, perSeconds: 3600 } },
        recipient: { trickle: { capacity: 1, perSeconds: 600 } },
      },
    })
  })

  it('RL-02 keeps 16 of the 64 places of the hash queue for known browsers, two for each account', () => {
    expect(defaultPolicy.passwordHash).toMatchObject({
      queueLimit: 64,
      knownBrowserPlaces: 16,
      placesPerAccount: 2,
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

  it.each([
    ['one domain, not a list', { registration: { domains: 'example.com' } }],
    ['a domain in capitals, which no address has', { registration: { domains: ['Example.com'] } }],
    ['a domain with an at sign', { registration: { domains: ['@example.com'] } }],
    ['a pattern', { registration: { domains: ['*.example.com'] } }],
    ['letters that addresses do not have', { registration: { domains: ['bücher.example'] } }],
    ['something else among them', { registration: { domains: ['example.com', 7] } }],
    [
      'more than a hundred',
      { registration: { domains: Array.from({ length: 101 }, (_, n) => `d${n}.test`) } },
    ],
  ])('CFG-08 takes no %s for the domains of registration', (_, changes) => {
    expect(() => createPolicy(JSON.parse(JSON.stringify(changes)))).toThrow(
      'policy.registration.domains must be a list of at most 100 domains like example.com, in lower case, or []',
    )
  })

  it('takes domains as they are, and a mode that it knows', () => {
    const registration = { mode: 'invited', domains: ['example.com', 'xn--bcher-kva.example'] } as const
    expect(createPolicy({ registration }).registration).toEqual(registration)
    expect(() => createPolicy(JSON.parse('{"registration":{"mode":"none"}}'))).toThrow(
      'policy.registration.mode must be one of open, invited, closed',
    )
  })

  describe('CFG-08: floors and ceilings', () => {
    const numbers = listPolicy().flatMap(({ name, allowed }) => {
      const [, from, to] = /^a (?:whole )?number of [A-Za-z ]+ from ([\d.]+) to ([\d.]+)$/.exec(allowed) ?? []
      return from === undefined ? [] : [{ name, allowed, from: Number(from), to: Number(to) }]
    })

    it('stand beside every number, with its unit', () => {
      const values = listPolicy().filter((entry) => typeof entry.default === 'number')
      expect(numbers.map(({ name }) => name)).toEqual(values.map(({ name }) => name))
      for (const { name, allowed } of numbers) {
        expect(allowed).toContain(unitOf(name))
      }
    })

    it.each(numbers)('$name is $allowed', ({ name, allowed, from, to }) => {
      for (const value of [from - 1, from - 0.01, to + 1, 1e9, Number.NaN, Infinity, String(from)]) {
        expect(() => createPolicy(set(name, value))).toThrow(`${name} must be ${allowed}`)
      }
    })

    it.each([
      ['a password of one character', { password: { minLength: 1 } }, 'characters from 8 to 64'],
      ['a password too long to type', { password: { minLength: 65 } }, 'characters from 8 to 64'],
      ['a hash for nothing', { passwordHash: { memoryKib: 8 } }, 'KiB from 7168'],
      ['steps that count as one', { totp: { windowSteps: 5 } }, 'steps from 0 to 1'],
      ['half a step', { totp: { windowSteps: 0.5 } }, 'a whole number of steps'],
      [
        'a bucket without a bottom',
        { limits: { client: { signIn: { capacity: 1e9 } } } },
        'policy.limits.client.signIn.capacity must be a whole number of requests from 1 to 200',
      ],
      [
        'a bucket that is full again at once',
        { limits: { client: { signIn: { capacity: 200, perSeconds: 1 } } } },
        'policy.limits.client.signIn must not refill faster than 200 requests in 60 seconds',
      ],
      ['a session for years', { session: { absoluteDays: 1000 } }, 'days from 0.25 to 28'],
      ['a reset link for a week', { resetPassword: { linkMinutes: 10_080 } }, 'minutes from 1 to 240'],
      ['a guess beyond what NIST allows', { failedPasswords: { refuseAt: 1000 } }, 'from 10 to 100'],
      ['a cookie that browsers shorten', { browser: { cookieDays: 401 } }, 'days from 1 to 400'],
      ['passwords longer than are hashed', { password: { maxLength: 512 } }, 'from 64 to 256'],
      [
        'idle longer than the session lives',
        { session: { idleHours: 48, absoluteDays: 1 } },
        'policy.session.idleHours is 48, more than absoluteDays leaves room for: set it to 24 or less',
      ],
      ['an account that is gone within the hour', { deletion: { graceDays: 0.04 } }, 'days from 1 to 90'],
      [
        'a reminder before the deletion was asked for',
        { deletion: { graceDays: 1 } },
        'policy.deletion.reminderDays is 2, more than graceDays leaves room for: set it to 1 or less',
      ],
      [
        'a sweep that forgets what still counts',
        { limits: { sweepAfterHours: 24 } },
        'policy.limits.sweepAfterHours must be more than 24 hours',
      ],
    ])('refuse %s', (_, overrides, message) => {
      expect(() => createPolicy(overrides)).toThrow(message)
    })

    it('leave room on both sides of the default', () => {
      const policy = createPolicy({
        password: { minLength: 8 },
        passwordHash: { memoryKib: 7168, passes: 5 },
        limits: {
          client: { signIn: { capacity: 200 } },
          target: { sudo: { capacity: 1, perSeconds: 2400 } },
        },
      })
      expect(policy.password.minLength).toBe(8)
      expect(policy.limits.client.signIn).toEqual({ capacity: 200, perSeconds: 60 })
    })

    it('are passed by tests alone, by one option, which still takes no nonsense', () => {
      const weak = { dangerouslyWeak: true }
      expect(createPolicy({ passwordHash: { memoryKib: 8 } }, weak).passwordHash.memoryKib).toBe(8)
      expect(() => createPolicy({ passwordHash: { memoryKib: 0 } }, weak)).toThrow('KiB from 7168')
      expect(() => createPolicy({ password: { minLength: 0.5 } }, weak)).toThrow('characters from 8')
    })
  })

  it('CFG-08: names what is allowed and weaker than the profile', () => {
    const named = (overrides: object) => listDeviations(createPolicy(overrides)).map(({ setting }) => setting)
    expect(named({})).toEqual([])
    expect(named({ profile: 'strict' })).toEqual([])
    expect(named({ requireConfirmation: false, password: { breachCheck: 'never', minLength: 8 } })).toEqual([
      'policy.requireConfirmation',
      'policy.password.breachCheck',
      'policy.password.minLength',
    ])
    expect(named({ passwordHash: { memoryKib: 7168 } })).toEqual(['policy.passwordHash'])
    expect(named({ passwordHash: { memoryKib: 7168, passes: 5 } })).toEqual([])
    expect(named({ profile: 'strict', secondFactor: 'optional', trustedBrowser: { enabled: true } })).toEqual(
      ['policy.secondFactor', 'policy.trustedBrowser.enabled'],
    )
    expect(named({ emailChange: { approveFromOld: false } })).toEqual([])
    expect(named({ profile: 'strict', emailChange: { approveFromOld: false } })).toEqual([
      'policy.emailChange.approveFromOld',
    ])
    expect(named({ audit: { retentionDays: 30 } })).toEqual(['policy.audit.retentionDays'])
  })

  it('CFG-08: is named in docs/security/deviations.md', async () => {
    const weak = {
      requireConfirmation: false,
      password: { breachCheck: 'never', minLength: 8 },
      passwordHash: { memoryKib: 7168 },
      secondFactor: 'optional',
      magicLink: { enabled: true },
      totp: { windowSteps: 1 },
      trustedBrowser: { enabled: true },
      session: { rememberedAbsoluteDays: 60 },
      emailChange: { approveFromOld: false },
      audit: { retentionDays: 30 },
    } as const
    const named = listDeviations(createPolicy({ profile: 'strict', ...weak })).map(({ setting }) => setting)
    expect(named).toHaveLength(11)
    const guide = await readFile(join(import.meta.dirname, '../../../docs/security/deviations.md'), 'utf8')
    expect(named.filter((setting) => !guide.includes(`\`${setting}`))).toEqual([])
  })

  it('takes no inherited name for a setting', () => {
    expect(() => createPolicy(JSON.parse('{"__proto__":{"polluted":1}}'))).toThrow('not a setting')
    expect(() => createPolicy(JSON.parse('{"constructor":{"prototype":1}}'))).toThrow('not a setting')
  })
})

/** `policy.session.idleHours`, 8 → `{ session: { idleHours: 8 } }` */
function set(name: string, value: unknown): object {
  return name
    .split('.')
    .slice(1)
    .reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object
}

function unitOf(name: string): string {
  const [, unit] = /(Milliseconds|Seconds|Minutes|Hours|Days|Kib|Bytes|Steps)$/i.exec(name) ?? []
  return unit === undefined ? 'number of ' : unit === 'Kib' ? 'KiB' : unit.toLowerCase()
}
