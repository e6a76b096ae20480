import { parseEmail } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { createBrowserToken } from '../sessions/browser-token.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { blockPassword } from './block-password.ts'
import { logInUser } from './log-in-user.ts'
import { attemptRefund, reserveAttempt } from './reserve-attempt.ts'

const invalid = { ok: false, reason: 'invalid-credentials' }

describe('failed passwords', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime()
  })
  afterAll(() => test.close())
  beforeEach(() => {
    test.advance({ hours: 25 })
  })

  let networks = 0
  const fromElsewhere = () => {
    networks += 1
    return createTestCaller({
      clientAddress: `10.${networks >> 16}.${(networks >> 8) & 255}.${networks & 255}`,
    })
  }
  const logIn = (email: string, password: string, browser: TestCaller) =>
    logInUser(test.runtime, browser, { email, password })
  const guess = (user: { email: string }, browser = fromElsewhere()) =>
    logIn(user.email, 'a wrong guess', browser)
  const counters = async ({ id }: TestUser) => {
    const [row] = await test.rows<{ unknown: number; locked: boolean }>(sql`
      select failed_password_count as unknown, password_locked_at is not null as locked from users where id = ${id}`)
    return row
  }
  const blockEvents = ({ id }: TestUser) =>
    test.rows(sql`select from audit_events where subject_id = ${id} and action = 'security.lockout'`)
  const notices = ({ canonical }: TestUser) =>
    test.rows(sql`
      select from graphile_worker._private_jobs
      where payload->>'kind' = 'signInBlocked' and payload->>'address' = ${canonical}`)

  async function knownBrowserOf(user: TestUser): Promise<TestCaller> {
    const browser = fromElsewhere()
    expect(await logIn(user.email, user.password, browser)).toMatchObject({ ok: true })
    return browser
  }

  it('make (address, network) wait from the 5th in a row, twice as long each time', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    const answers = []
    for (let n = 0; n < 9; n++) {
      answers.push(await guess(user, browser))
      test.advance({ milliseconds: 12_100 }) // the account's bucket has a token again; the wait may be longer
    }
    // After the 5th to 8th: 1, 2, 4, 8 seconds. After the 9th: 16.
    expect(answers).toEqual(answers.map(() => invalid))
    const refused = await guess(user, browser)
    expect(refused).toMatchObject({ ok: false, reason: 'limited' })
    expect([1, 2, 3, 4]).toContain('retryAfterSeconds' in refused ? refused.retryAfterSeconds : null) // of 16, less what it took
    test.advance({ milliseconds: 4000 })
    expect(await guess(user, browser)).toEqual(invalid)
  })

  it('ENUM-01: make unknown accounts wait the same', async () => {
    const user = await createTestUser(test)
    const script = async (email: string, browser: TestCaller) => {
      const answers = []
      for (let n = 0; n < 14; n++) {
        answers.push(await guess({ email }, browser))
        test.advance({ milliseconds: 12_100 })
      }
      return answers
    }
    const known = await script(user.email, fromElsewhere())
    const unknown = await script('nobody-has-this@example.com', fromElsewhere())
    expect(unknown).toEqual(known)
    expect(known).toContainEqual({ ok: false, reason: 'limited', retryAfterSeconds: expect.any(Number) })
  })

  it('are forgotten by the right password, and by a day', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    const failFiveTimes = async () => {
      for (let n = 0; n < 5; n++) await guess(user, browser)
    }
    await failFiveTimes()
    test.advance({ milliseconds: 60_000 })
    expect(await logIn(user.email, user.password, browser)).toMatchObject({ ok: true })
    expect(await guess(user, browser)).toEqual(invalid)
    expect(await guess(user, browser)).toEqual(invalid) // no wait: counted from zero again
    test.advance({ hours: 25 })
    await failFiveTimes()
    test.advance({ hours: 24, milliseconds: 1000 })
    expect(await guess(user, browser)).toEqual(invalid)
    expect(await guess(user, browser)).toEqual(invalid)
  })

  it('RL-01: from 100 networks lock the strangers out, not the owner in a known browser', async () => {
    const user = await createTestUser(test)
    const own = await knownBrowserOf(user)
    for (let n = 0; n < 100; n++) expect(await guess(user)).toEqual(invalid)
    expect(await counters(user)).toEqual({ unknown: 100, locked: true })

    const stranger = fromElsewhere()
    expect(await logIn(user.email, user.password, stranger)).toEqual(invalid)
    expect(stranger.sessionToken).toBeNull()

    expect(await logIn(user.email, user.password, own)).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect(await counters(user)).toEqual({ unknown: 0, locked: false })
    expect(await logIn(user.email, user.password, fromElsewhere())).toMatchObject({ ok: true })
  })

  it('RL-01: an attacker in the same network does not make the owner wait in a known browser', async () => {
    const user = await createTestUser(test)
    const own = await knownBrowserOf(user)
    test.advance({ hours: 1 })
    const attacker = createTestCaller({ clientAddress: own.clientAddress })
    for (let n = 0; n < 14; n++) {
      await guess(user, attacker)
      test.advance({ milliseconds: 12_100 })
    }
    expect(await guess(user, attacker)).toMatchObject({ reason: 'limited' })
    test.advance({ milliseconds: 12_100 })
    expect(await logIn(user.email, user.password, own)).toMatchObject({ ok: true, outcome: 'signed-in' })
  })

  it('mail the owner once, at the 100th, and leave a line in the audit log', async () => {
    const user = await createTestUser(test)
    for (let n = 0; n < 99; n++) await guess(user)
    expect(await notices(user)).toHaveLength(0)
    for (let n = 0; n < 5; n++) await guess(user)
    expect(await notices(user)).toHaveLength(1)
    expect(await blockEvents(user)).toHaveLength(1)
  })

  it('from a known browser are counted apart', async () => {
    const user = await createTestUser(test)
    const own = await knownBrowserOf(user)
    test.advance({ hours: 1 })
    await guess(user, own)
    await guess(user, own)
    expect(await counters(user)).toEqual({ unknown: 0, locked: false })
    expect(
      await test.rows(
        sql`select failed_password_count as n from user_known_browsers where user_id = ${user.id}`,
      ),
    ).toEqual([{ n: 2 }])
    await logIn(user.email, user.password, own)
    expect(
      await test.rows(
        sql`select failed_password_count as n from user_known_browsers where user_id = ${user.id}`,
      ),
    ).toEqual([{ n: 0 }])
  })

  it('from a known browser of someone else are from an unknown one', async () => {
    const [user, other] = [await createTestUser(test), await createTestUser(test)]
    const browser = await knownBrowserOf(other)
    await guess(user, browser)
    expect(await counters(user)).toEqual({ unknown: 1, locked: false })
  })

  it('are not forgotten by the right password from an unknown browser: only that attempt is given back', async () => {
    const user = await createTestUser(test)
    for (let n = 0; n < 3; n++) await guess(user)
    await logIn(user.email, user.password, fromElsewhere())
    expect(await counters(user)).toEqual({ unknown: 3, locked: false })
  })

  it('RL-06: at most 100 from unknown browsers are compared, however many come at once', async () => {
    await race('user.failedPasswordCount', {
      maxWinners: 5,
      prepare: async () => {
        const user = await createTestUser(test)
        await test.rows(sql`update users set failed_password_count = 95 where id = ${user.id}`)
        return user
      },
      attempt: async (user) => mayTry(user, fromElsewhere()),
      invariant: async (user, winners) => {
        expect(winners).toBe(5)
        expect(await counters(user)).toMatchObject({ unknown: 100 })
      },
    })
  })

  it('RL-06: at most 100 from one known browser are compared, however many come at once', async () => {
    const { runtime } = test
    const { failedPasswords } = runtime.policy
    const patient = {
      ...test,
      runtime: {
        ...runtime,
        policy: { ...runtime.policy, failedPasswords: { ...failedPasswords, backOffFrom: 1000 } },
      },
    }
    await race('userKnownBrowser.failedPasswordCount', {
      maxWinners: 5,
      prepare: async () => {
        const user = await createTestUser(test)
        const browser = await knownBrowserOf(user)
        await test.rows(
          sql`update user_known_browsers set failed_password_count = 95 where user_id = ${user.id}`,
        )
        return { user, browser }
      },
      // Beyond them the browser counts as a stranger, with the strangers' hundred.
      attempt: async ({ user, browser }) => (await reserve(user, browser, patient))?.browser === 'known',
      invariant: async ({ user }, winners) => {
        expect(winners).toBeLessThanOrEqual(5)
        expect(
          await test.rows(
            sql`select failed_password_count as n from user_known_browsers where user_id = ${user.id}`,
          ),
        ).toEqual([{ n: 95 + winners }])
      },
    })
  })

  it('RL-06: of a burst at one (address, network) no more are compared than before the first wait', async () => {
    await race('limit.tokens', {
      maxWinners: 5,
      prepare: async (round) => ({ email: `burst-${round}@example.com`, browser: fromElsewhere() }),
      attempt: async ({ email, browser }) =>
        mayTry({ email }, { ...browser, browserToken: createBrowserToken() }),
      invariant: async (_, winners) => expect(winners).toBe(5),
    })
  })

  it('take their locks in one order with an attempt that is given back: neither waits for the other', async () => {
    const user = await createTestUser(test)
    const browser = fromElsewhere()
    const { failedPasswords } = test.runtime.policy
    const policy = { ...test.runtime.policy, failedPasswords: { ...failedPasswords, backOffFrom: 1000 } }
    const runtime = { ...test.runtime, policy }
    const reserveAndReturn = async () => {
      for (let n = 0; n < 60; n++) {
        const attempt = await reserve(user, browser, { ...test, runtime })
        if (attempt) await test.rows(attemptRefund(runtime, browser, attempt))
      }
    }
    await Promise.all(Array.from({ length: 4 }, reserveAndReturn)) // a deadlock is an error in one of them
    expect(await counters(user)).toEqual({ unknown: 0, locked: false })
  })

  it('are told to the owner once, however many are the 100th at once', async () => {
    await race('user.passwordLockedAt', {
      prepare: async () => {
        const user = await createTestUser(test, { hashedPassword: null })
        await test.rows(sql`update users set failed_password_count = 100 where id = ${user.id}`)
        return user
      },
      attempt: (user) => inTransaction(test.runtime, (tx) => blockPassword(tx, createTestCaller(), user.id)),
      invariant: async (user, winners) => {
        expect(winners).toBe(1)
        expect(await notices(user)).toHaveLength(1)
        expect(await blockEvents(user)).toHaveLength(1)
      },
    })
  })

  /** What was reserved for a comparison, or nothing. */
  async function reserve(user: { email: string }, browser: TestCaller, { runtime } = test) {
    const identity = { canonical: parseEmail(user.email)?.canonical ?? null, typed: user.email }
    const reservation = await reserveAttempt(runtime, browser, identity)
    return reservation.ok && reservation.attempt.mayTry ? reservation.attempt : null
  }

  const mayTry = async (user: { email: string }, browser: TestCaller) =>
    (await reserve(user, browser)) !== null
})
