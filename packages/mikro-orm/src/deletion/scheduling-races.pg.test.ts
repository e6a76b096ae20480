import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { secureUser } from '../not-me/secure-user.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  RaceLost,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { askForTestDeletion } from '../testing/test-scheduling.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { orOvertaken, signInTestUser } from '../testing/test-session.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { cancelUserDeletion } from './cancel-user-deletion.ts'
import { scheduleUserDeletion } from './schedule-user-deletion.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

const CLIENTS = 8

const linesOf = async ({ email }: TestUser, action: string) =>
  (await readAudit(test, email)).filter((line) => line.action === action && line.outcome === 'success')

async function readDue({ id }: TestUser): Promise<Date | null> {
  const [row] = await test.rows<{ due: Date | null }>(
    sql`select delete_after as due from users where id = ${id}`,
  )
  return row?.due ?? null
}

async function signInTimes(user: TestUser, count: number): Promise<TestCaller[]> {
  const browsers: TestCaller[] = []
  for (let n = 0; n < count; n++) browsers.push(await signInTestUser(test, user))
  return browsers
}

/** Looks first, and writes then. */
const naively = (user: TestUser, isWanted: (due: Date | null) => boolean, due: Date | null) =>
  inTransaction(test.runtime, async (tx) => {
    const [row] = await tx.rows<{ due: Date | null }>(
      sql`select delete_after as due from users where id = ${user.id}`,
    )
    if (!row || !isWanted(row.due)) return false
    await tx.rows(sql`update users set delete_after = ${due}::timestamptz where id = ${user.id}`)
    return true // and would be audited, and mailed
  })

describe('the deletion of an account', () => {
  it('DEL-03: is asked for once, in however many browsers at a time, and none of them stays in', async () => {
    type Ask = (user: TestUser, browser: TestCaller | undefined) => Promise<boolean>
    const raceWith = (ask: Ask, isNaive = false) =>
      race('user.deleteAfter', {
        rounds: 10,
        clients: CLIENTS,
        async prepare() {
          const user = await createTestUser(test)
          return { user, browsers: await signInTimes(user, CLIENTS) }
        },
        attempt: ({ user, browsers }, client) => ask(user, browsers[client]),
        async invariant({ user }) {
          expect(await readDue(user)).not.toBeNull()
          if (isNaive) return
          expect(await linesOf(user, 'account.deletion_scheduled')).toHaveLength(1)
          expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
        },
      })
    await raceWith(async ({ email }, browser) => {
      if (!browser) throw new Error('one browser for each client')
      return (
        (await orOvertaken(scheduleUserDeletion(test.runtime, browser, { confirmation: email })))?.ok === true
      )
    })
    const later = new Date(Date.now() + 86_400_000)
    await expect(raceWith((user) => naively(user, (due) => due === null, later), true)).rejects.toThrow(
      RaceLost,
    )
  })

  it('DEL-03, LIF-08: is ended once by whoever keeps the account and whoever says “This wasn’t me”, all at once', async () => {
    type End = (
      user: TestUser,
      browser: TestCaller | undefined,
      token: string | undefined,
    ) => Promise<boolean>
    const raceWith = (end: End, isNaive = false) =>
      race('user.deleteAfter', {
        rounds: 10,
        clients: CLIENTS,
        async prepare() {
          const user = await createTestUser(test)
          const tokens = [await receiveNotice(test, user), await receiveNotice(test, user)]
          await askForTestDeletion(test, user)
          return { user, tokens, browsers: await signInTimes(user, CLIENTS - tokens.length) }
        },
        attempt: ({ user, tokens, browsers }, client) =>
          end(user, browsers[client], tokens[client - browsers.length]),
        async invariant({ user }) {
          expect(await readDue(user)).toBeNull()
          if (isNaive) return
          expect(await linesOf(user, 'account.deletion_cancelled')).toHaveLength(1)
        },
      })
    await raceWith(async (_user, browser, token) => {
      if (browser) return (await orOvertaken(cancelUserDeletion(test.runtime, browser)))?.ok === true
      await secureUser(test.runtime, createTestCaller(), { token })
      return false // takes the account back either way; whether it ended the deletion, the log says
    })
    await expect(raceWith((user) => naively(user, (due) => due !== null, null), true)).rejects.toThrow(
      RaceLost,
    )
  })
})
