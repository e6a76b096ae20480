import { createPasswordHasher, type PasswordEngine } from '@sigra/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliverUserLogInInstructions } from '../magic-link/deliver-user-log-in-instructions.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { createDistantBrowser } from '../testing/test-browser.ts'
import { signInTestUser } from '../testing/test-session.ts'

const invalid = { ok: false, reason: 'invalid-credentials' }
const limited = { ok: false, reason: 'limited', retryAfterSeconds: expect.any(Number) }

// However long the tests take, nothing comes back meanwhile.
const perSeconds = 10_000_000
const client = { signIn: { capacity: 10, perSeconds }, mailSending: { capacity: 10, perSeconds } }
const target = { signIn: { capacity: 5, perSeconds } }

describe('client buckets', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { limits: { client, target } } })
  })
  afterAll(() => test.close())

  const within = (site: string, network: number, browser: Partial<TestCaller> = {}) => ({
    ...createTestCaller(browser),
    clientAddress: `2001:db8:${site}:${network.toString(16)}::1`,
  })
  const logIn = (browser: TestCaller, email: string, password = 'a wrong guess') =>
    logInUser(test.runtime, browser, { email, password })

  it('RL-02 RL-03 let a /48 have four times what a /64 may, however many /64 it has', async () => {
    for (let n = 0; n < 40; n++) {
      expect(await logIn(within('a', n), `nobody-${n}@example.com`)).toEqual(invalid)
    }
    expect(await logIn(within('a', 40), 'nobody-40@example.com')).toEqual(limited)
    expect(await logIn(within('b', 40), 'nobody-40@example.com')).toEqual(invalid)
  })

  it('RL-03 still let a /64 have no more than its own', async () => {
    for (let n = 0; n < 10; n++) expect(await logIn(within('c', 1), `some-${n}@example.com`)).toEqual(invalid)
    expect(await logIn(within('c', 1), 'some-10@example.com')).toEqual(limited)
    expect(await logIn(within('c', 2), 'some-10@example.com')).toEqual(invalid)
  })

  it('RL-10 leave a /48 what its neighbours were refused', async () => {
    const one = await Promise.all(
      Array.from({ length: 60 }, (_, n) => logIn(within('f', 1), `nobody-${n}@example.com`)),
    )
    expect(
      one.filter(({ ok, ...rest }) => !ok && 'reason' in rest && rest.reason === 'limited'),
    ).toHaveLength(50)
    for (let n = 2; n < 32; n++) {
      expect(await logIn(within('f', n), `nobody-${n}@example.com`)).toEqual(invalid)
    }
    expect(await logIn(within('f', 32), 'nobody-32@example.com')).toEqual(limited)
  })

  it('RL-01 RL-02 spare a browser known to the account the /48 that neighbours have used up', async () => {
    const user = await createTestUser(test)
    const own = await signInTestUser(test, user)
    const stranger = await createTestUser(test)
    for (let n = 0; n < 41; n++) await logIn(within('d', n), `nobody-${n}@example.com`)
    expect(await logIn(within('d', 77), user.email, user.password)).toEqual(limited)
    expect(await logIn(within('d', 78, own), stranger.email, stranger.password)).toEqual(limited)
    expect(await logIn(within('d', 79, own), user.email, user.password)).toMatchObject({ ok: true })
    const ask = (browser: TestCaller) =>
      deliverUserLogInInstructions(test.runtime, browser, { email: user.email })
    for (let n = 0; n < 40; n++) await ask(within('d', n))
    expect(await ask(within('d', 80))).toEqual(limited)
    expect(await ask(within('d', 81, own))).toEqual({ ok: true })
  })

  it('RL-03 are no target buckets: those of an account stay with a /64', async () => {
    const user = await createTestUser(test)
    for (let n = 0; n < 5; n++) expect(await logIn(within('e', 1), user.email)).toEqual(invalid)
    expect(await logIn(within('e', 1), user.email)).toEqual(limited)
    expect(await logIn(within('e', 2), user.email, user.password)).toMatchObject({ ok: true })
  })
})

describe('the queue in which passwords wait to be hashed', () => {
  let test: TestRuntime
  let gate = Promise.withResolvers<void>()
  const { hash, verify, close } = createPasswordHasher({ memoryKib: 8, passes: 1 })
  const engine: PasswordEngine = {
    async hash(password) {
      await gate.promise
      return hash(password)
    },
    async verify(phc, password) {
      await gate.promise
      return (await verify(phc, password)).ok
    },
  }
  beforeAll(async () => {
    const passwordHash = { concurrency: 1, queueLimit: 8, knownBrowserPlaces: 4, placesPerAccount: 2 }
    test = await createTestRuntime({ hasher: engine, policy: { passwordHash } })
  })
  afterAll(async () => {
    await test.close()
    await close()
  })

  it('RL-02 has places for known browsers when strangers have filled it, two for each account', async () => {
    gate.resolve()
    const user: TestUser = await createTestUser(test)
    const own = await signInTestUser(test, user)
    gate = Promise.withResolvers()
    const busy = { ok: false, reason: 'busy', retryAfterSeconds: expect.any(Number) }

    let waiting = 0
    const { hasher } = test.runtime
    const counting = {
      ...hasher,
      verify(...asked: Parameters<typeof hasher.verify>) {
        waiting += 1
        return hasher.verify(...asked)
      },
    }
    const runtime = { ...test.runtime, hasher: counting }
    const queued = (count: number) => expect.poll(() => waiting).toBeGreaterThanOrEqual(count)
    const logIn = (browser: TestCaller) =>
      logInUser(runtime, browser, { email: user.email, password: user.password })

    const crowd = Array.from({ length: 5 }, (_, n) =>
      logInUser(runtime, createDistantBrowser(), {
        email: `nobody-${n}@example.com`,
        password: 'a wrong guess',
      }),
    )
    await queued(5) // one is hashed, four wait
    expect(await logIn(createDistantBrowser())).toEqual(busy)
    const mine = [logIn(createDistantBrowser(own)), logIn(createDistantBrowser(own))]
    await queued(8)
    expect(await logIn(createDistantBrowser(own))).toEqual(busy)
    gate.resolve()
    expect(await Promise.all(mine)).toMatchObject([{ ok: true }, { ok: true }])
    expect(await Promise.all(crowd)).toEqual(crowd.map(() => invalid))
  })
})
