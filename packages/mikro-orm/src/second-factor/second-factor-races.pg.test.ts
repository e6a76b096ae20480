import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { statement, type Transaction } from '../database/transaction.ts'
import { inTransaction } from '../database/transaction.ts'
import { completeSignIn } from '../door/complete-sign-in.ts'
import { provePassword } from '../door/proof.ts'
import {
  createTestCaller,
  createTestRuntime,
  nextRequest,
  race,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import { readQueue } from '../testing/test-mail.ts'
import { orOvertaken } from '../testing/test-session.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import {
  advanceToNextStep,
  createTotpUser,
  logInBrowser,
  type TestSecondFactor,
  totpCode,
} from '../testing/test-second-factor.ts'
import { activateUserTotp } from './activate-user-totp.ts'
import { enrollUserTotp } from './enroll-user-totp.ts'
import { reserveTry } from './reserve-try.ts'
import { verifyUserSecondFactor } from './verify-user-second-factor.ts'

const CLIENTS = 16

const run: Transaction['rows'] = (query) => statement(test.runtime, query)

let test: TestRuntime
beforeAll(async () => {
  const { session } = (await createTestRuntime()).runtime.policy
  test = await createTestRuntime({
    policy: { ...generousLimits, ...cheapHashing, session: { ...session, maxPendingPerUser: 40 } },
  })
})
afterAll(() => test.close())

/** Sixteen sign-ins of one account that each wait for their second factor. */
async function pendingBrowsers(user: TestUser): Promise<TestCaller[]> {
  const browsers: TestCaller[] = []
  for (let n = 0; n < CLIENTS; n++) browsers.push(await logInBrowser(test, user))
  return browsers
}
const at = (browsers: TestCaller[], client: number) => browsers[client] ?? createTestCaller()
const clone = (browser: TestCaller): TestCaller =>
  Object.assign(createTestCaller({ browserToken: browser.browserToken }), { session: browser.session })

/** Whether a password alone signs this browser in, whose trust stands in for the second step. */
async function skipsSecondStep(
  user: TestUser,
  { browserToken, trustTokens }: Pick<TestCaller, 'browserToken' | 'trustTokens'>,
  stored: string,
): Promise<boolean> {
  const proof = provePassword(user.id, stored)
  const opened = await inTransaction(test.runtime, (tx) =>
    completeSignIn(tx, createTestCaller({ browserToken, trustTokens }), proof, {
      method: 'password',
      remembered: false,
    }),
  )
  return opened.outcome === 'signed-in'
}

/** How many browsers of this value are trusted, and how often their owner was told of a copy. */
async function countTrusts(browserToken: TestCaller['browserToken']) {
  const hash = browserToken === null ? null : hashBrowserToken(browserToken)
  const trusted = await test.rows(sql`
    select from user_known_browsers where browser_hash = ${hash} and trusted_until is not null`)
  const told = (await readQueue(test)).filter(({ kind }) => kind === 'trustedBrowserCopied')
  return { trusted: trusted.length, told: told.length }
}
const failuresOf = async ({ id }: TestUser) => {
  const [row] = await test.rows<{ n: number }>(
    sql`select failed_second_factor_count as n from users where id = ${id}`,
  )
  return row?.n
}

describe('sixteen at once', () => {
  let person: TestSecondFactor
  beforeAll(async () => {
    person = await createTotpUser(test)
  })

  it('MFA-03: with one code of the authenticator app, in sixteen sign-ins: one gets in', async () => {
    await race('userTotp.lastStep', {
      rounds: 10,
      clients: CLIENTS,
      prepare: async () => {
        advanceToNextStep(test)
        await test.rows(sql`update users set failed_second_factor_count = 0, second_factor_wait_until = null`)
        return { browsers: await pendingBrowsers(person.user), code: person.code() }
      },
      attempt: async ({ browsers, code }, client) =>
        (await verifyUserSecondFactor(test.runtime, at(browsers, client), { code })).ok,
      invariant: async ({ browsers }, winners) => {
        expect(winners).toBe(1)
        const full = await Promise.all(
          browsers.map(async (browser) => (await nextRequest(test.runtime, browser)).session?.awaiting),
        )
        expect(full.filter((awaiting) => awaiting === null)).toHaveLength(1)
      },
    })
  })

  it('with one code in one sign-in sent sixteen times: one session', async () => {
    await race('userSession.awaiting', {
      rounds: 10,
      clients: CLIENTS,
      prepare: async () => {
        advanceToNextStep(test)
        await test.rows(sql`delete from user_sessions where user_id = ${person.user.id}`)
        await test.rows(sql`update users set failed_second_factor_count = 0, second_factor_wait_until = null`)
        return { browser: await logInBrowser(test, person.user), code: person.code() }
      },
      attempt: async ({ browser, code }) =>
        (await orOvertaken(verifyUserSecondFactor(test.runtime, clone(browser), { code })))?.ok === true,
      invariant: async (_, winners) => {
        expect(winners).toBeLessThanOrEqual(1)
        const full = sql`select from user_sessions where user_id = ${person.user.id} and awaiting is null`
        expect(await test.rows(full)).toHaveLength(winners)
      },
    })
  })

  it('MFA-07: with one backup code, in sixteen sign-ins: one gets in', async () => {
    const { codes } = person
    await race('userBackupCode.usedAt', {
      rounds: codes.length,
      clients: CLIENTS,
      prepare: async (round) => {
        await test.rows(sql`update users set failed_second_factor_count = 0, second_factor_wait_until = null`)
        return { browsers: await pendingBrowsers(person.user), backupCode: codes[round] }
      },
      attempt: async ({ browsers, backupCode }, client) =>
        (await verifyUserSecondFactor(test.runtime, at(browsers, client), { backupCode })).ok,
      invariant: async (_, winners) => expect(winners).toBe(1),
    })
    expect(
      await test.rows(
        sql`select from user_backup_codes where user_id = ${person.user.id} and used_at is null`,
      ),
    ).toEqual([])
  })

  it('MFA-05: guessing in one sign-in: five are looked at', async () => {
    await race('userSession.attempts', {
      maxWinners: 5,
      clients: CLIENTS,
      prepare: async () => {
        await test.rows(sql`update users set failed_second_factor_count = 0, second_factor_wait_until = null`)
        return logInBrowser(test, person.user)
      },
      attempt: async ({ session }) =>
        session !== null &&
        (await reserveTry(test.runtime, run, session, { method: 'totp', code: '000000' })).ok,
      invariant: async (_, winners) => {
        expect(winners).toBe(5)
        expect(await failuresOf(person.user)).toBe(5)
      },
    })
  })

  it('RL-06: guessing in sixteen sign-ins: from the twentieth in a row one at a time', async () => {
    await race('user.failedSecondFactorCount', {
      maxWinners: 5,
      rounds: 10,
      clients: CLIENTS,
      prepare: async () => {
        await test.rows(
          sql`update users set failed_second_factor_count = 15, second_factor_wait_until = null`,
        )
        return pendingBrowsers(person.user)
      },
      attempt: async (browsers, client) => {
        const { session } = at(browsers, client)
        return (
          session !== null && (await reserveTry(test.runtime, run, session, { method: 'totp', code: '' })).ok
        )
      },
      invariant: async (_, winners) => {
        expect(winners).toBe(5)
        expect(await failuresOf(person.user)).toBe(20)
      },
    })
  })

  it('RL-06: of the hundred no more than the hundredth', async () => {
    await race('user.failedSecondFactorCount', {
      rounds: 5,
      clients: CLIENTS,
      prepare: async () => {
        await test.rows(
          sql`update users set failed_second_factor_count = 99, second_factor_wait_until = null`,
        )
        return pendingBrowsers(person.user)
      },
      attempt: async (browsers, client) => {
        const { session } = at(browsers, client)
        return (
          session !== null && (await reserveTry(test.runtime, run, session, { method: 'totp', code: '' })).ok
        )
      },
      invariant: async (_, winners) => {
        expect(winners).toBe(1)
        expect(await failuresOf(person.user)).toBe(100)
      },
    })
    await test.rows(sql`update users set failed_second_factor_count = 0, second_factor_wait_until = null`)
  })

  it('with the value of one trusted browser: one trust is left, and nobody is told of a theft', async () => {
    const [{ stored } = { stored: '' }] = await test.rows<{ stored: string }>(
      sql`select hashed_password as stored from users where id = ${person.user.id}`,
    )
    await race('userKnownBrowser.trustHash', {
      rounds: 10,
      clients: CLIENTS,
      maxWinners: CLIENTS, // pressed twice, and more often
      prepare: async () => {
        advanceToNextStep(test)
        const browser = await logInBrowser(test, person.user)
        const trusted = await verifyUserSecondFactor(test.runtime, browser, {
          code: person.code(),
          trustBrowser: true,
        })
        expect(trusted.ok).toBe(true)
        return browser
      },
      attempt: (browser) => skipsSecondStep(person.user, browser, stored),
      invariant: async ({ browserToken }, winners) => {
        expect(winners).toBe(CLIENTS)
        expect(await countTrusts(browserToken)).toEqual({ trusted: 1, told: 0 })
      },
    })
  })

  it('TB-06: with the former value of one trusted browser: it is ended once, and one mail goes', async () => {
    const [{ stored } = { stored: '' }] = await test.rows<{ stored: string }>(
      sql`select hashed_password as stored from users where id = ${person.user.id}`,
    )
    await race('userKnownBrowser.formerTrustHash', {
      rounds: 10,
      clients: CLIENTS,
      prepare: async () => {
        advanceToNextStep(test)
        const browser = await logInBrowser(test, person.user)
        await verifyUserSecondFactor(test.runtime, browser, { code: person.code(), trustBrowser: true })
        const { browserToken, trustTokens } = browser
        await logInBrowser(test, person.user, createTestCaller({ browserToken, trustTokens }))
        test.advance({ minutes: 2 })
        await test.rows(sql`truncate graphile_worker._private_jobs`)
        return { browserToken, trustTokens }
      },
      attempt: (browser) => skipsSecondStep(person.user, browser, stored),
      invariant: async ({ browserToken }, winners) => {
        expect(winners).toBe(0)
        expect(await countTrusts(browserToken)).toEqual({ trusted: 0, told: 1 })
      },
    })
  })

  it('activating one enrolment: one set of ten codes', async () => {
    await race('userTotp.lastStep', {
      rounds: 5,
      clients: CLIENTS,
      prepare: async () => {
        advanceToNextStep(test)
        const browser = await logInBrowser(test, person.user)
        await verifyUserSecondFactor(test.runtime, browser, { code: person.code() })
        const enrolled = await enrollUserTotp(test.runtime, await nextRequest(test.runtime, browser))
        if (!enrolled.ok) throw new Error(enrolled.reason)
        const { enrolment } = enrolled
        return { browser, code: totpCode(test, enrolment), enrolment }
      },
      attempt: async ({ browser, code }) =>
        (await orOvertaken(activateUserTotp(test.runtime, clone(browser), { code })))?.ok === true,
      invariant: async ({ enrolment }, winners) => {
        expect(winners).toBe(1)
        person = { ...person, code: (steps = 0) => totpCode(test, enrolment, steps) }
        expect(
          await test.rows(sql`select from user_backup_codes where user_id = ${person.user.id}`),
        ).toHaveLength(10)
      },
    })
  })
})
