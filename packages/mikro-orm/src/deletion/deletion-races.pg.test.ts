import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, inTransaction, statement } from '../database/transaction.ts'
import { secureUser } from '../not-me/secure-user.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  RaceLost,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { countBelongings } from '../testing/test-belongings.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { makeDue } from '../testing/test-due-user.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { type DueUser, dueUsers } from './due-users.ts'
import { eraseUser } from './erase-user.ts'
import { isGone } from './gone.ts'
import { keepAccount } from './keep-account.ts'
import { runUserDeletions } from './run-user-deletions.ts'

const MILLISECOND = 1 / 86_400_000

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

interface State {
  isScheduled: boolean
  isDeleted: boolean
  millisecondsLeft: number
}

async function readState({ id }: TestUser): Promise<State> {
  const [row] = await test.rows<State>(sql`
    select delete_after is not null as "isScheduled", deleted_at is not null as "isDeleted",
      coalesce(extract(epoch from delete_after - clock_timestamp()) * 1000, 0)::float8 as "millisecondsLeft"
    from users where id = ${id}`)
  if (!row) throw new Error('the row went')
  return row
}

async function untilAlmostDue(user: TestUser, milliseconds = 1): Promise<void> {
  while ((await readState(user)).millisecondsLeft > milliseconds);
}

/** Somebody comes back, as long as they may. */
const keep = (user: TestUser) =>
  inTransaction(test.runtime, async (tx) => {
    const living = await tx.rows(sql`
      select from users u where u.id = ${user.id} and not ${isGone(tx.now)} for no key update`)
    if (living.length === 0 || !(await keepAccount(tx, user.id))) return false
    await recordAuditEvent(tx, createTestCaller(), {
      action: 'account.deletion_cancelled',
      outcome: 'success',
      subjectId: user.id,
    })
    return true
  })

const run = async () => (await runUserDeletions(test.runtime)).deleted > 0

/** What a run would be that looks first and then deletes. */
async function runNaively(): Promise<boolean> {
  const [user] = await statement<DueUser>(test.runtime, dueUsers(test.runtime, 1))
  if (!user) return false
  await inTransaction(test.runtime, (tx) => eraseUser(tx, user))
  return true
}

async function createScheduledUser(dueInMilliseconds: number): Promise<TestUser> {
  const user = await createTestUser(test)
  await signInTestUser(test, user)
  await makeDue(test, user, dueInMilliseconds * MILLISECOND)
  return user
}

describe('coming back at the moment of the deletion', () => {
  const raceWith = (deletion: () => Promise<boolean>) =>
    race('user.deleteAfter', {
      rounds: 20,
      clients: 8,
      prepare: () => createScheduledUser(40),
      async attempt(user, client) {
        await untilAlmostDue(user)
        if (client % 2 === 0) return keep(user)
        let won = false
        while (!won && (await readState(user)).isScheduled) won = await deletion()
        return won
      },
      async invariant(user, winners) {
        expect(winners).toBe(1)
        const { isScheduled, isDeleted } = await readState(user)
        expect(isScheduled).toBe(false)
        expect((await countBelongings(test, user)).sessions).toBe(isDeleted ? 0 : 1)
        await test.rows(sql`delete from users`)
      },
    })

  it('DEL-03 is one or the other', async () => {
    expect(await raceWith(run)).toBe(20)
  })

  it('is both for a run that looks first', async () => {
    await expect(raceWith(runNaively)).rejects.toThrow(RaceLost)
    await test.rows(sql`delete from users`)
  })
})

describe('“This wasn’t me” at the moment of the deletion', () => {
  const raceWith = (deletion: () => Promise<boolean>) =>
    race('user.deleteAfter', {
      rounds: 36,
      clients: 3,
      async prepare(round) {
        const user = await createTestUser(test)
        const token = await receiveNotice(test, user)
        await makeDue(test, user, 60 * MILLISECOND)
        // The link does more than one thing: whether it comes in time depends on when it is pressed.
        return { user, token, early: 4 + 2 * (round % 18) }
      },
      async attempt({ user, token, early }, client) {
        await untilAlmostDue(user, client === 0 ? early : 1)
        if (client === 0) return (await secureUser(test.runtime, createTestCaller(), { token })).ok
        let won = false
        while (!won && (await readState(user)).isScheduled) won = await deletion()
        return won
      },
      async invariant({ user }) {
        const { isScheduled, isDeleted } = await readState(user)
        expect(isScheduled).toBe(false)
        const kept = await test.rows(sql`
          select from audit_events where subject_id = ${user.id} and action = 'account.deletion_cancelled'`)
        if (kept.length > 0 && isDeleted) throw new RaceLost('taken back, and deleted all the same')
        expect(kept).toHaveLength(isDeleted ? 0 : 1)
        await test.rows(sql`delete from users`)
        await test.rows(sql`delete from graphile_worker._private_jobs`)
        await test.rows(sql`delete from sigra_limits`)
      },
    })

  it('LIF-08 is one or the other', async () => {
    expect(await raceWith(run)).toBeGreaterThan(0)
  })

  it('is both for a run that looks first', async () => {
    await expect(raceWith(runNaively)).rejects.toThrow(RaceLost)
    await test.rows(sql`delete from users`)
  })
})

describe('several workers at once', () => {
  const raceWith = (deletion: () => Promise<boolean>) =>
    race('user.deletedAt', {
      rounds: 10,
      prepare: () => createScheduledUser(-1000),
      attempt: deletion,
      async invariant({ id }) {
        const lines = sql`select from audit_events where subject_id = ${id} and action = 'account.deleted'`
        expect(await test.rows(lines)).toHaveLength(1)
      },
    })

  it('DEL-03 delete an account once', async () => {
    expect(await raceWith(run)).toBe(10)
  })

  it('delete it over and over where they look first', async () => {
    await expect(raceWith(runNaively)).rejects.toThrow(RaceLost)
  })

  it('DEL-03 share what there is, and wait for nobody', async () => {
    await test.rows(sql`delete from users`)
    await Promise.all(Array.from({ length: 30 }, () => createTestUser(test)))
    await test.rows(sql`update users set delete_after = ${databaseNow(test.runtime)}`)
    let deleted = 0
    const work = async () => {
      for (let done = 1; done > 0; deleted += done) done = (await runUserDeletions(test.runtime)).deleted
    }
    await Promise.all([work(), work(), work()])
    await work()
    expect(deleted).toBe(30)
  })
})
