import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import {
  createTestRuntime,
  createTestUser,
  race,
  RaceLost,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { createTestOrganization, type TestOrganization } from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { eraseOrganization } from './erase-organization.ts'
import { restoreOrganization } from './restore-organization.ts'
import { runOrganizationDeletions } from './run-organization-deletions.ts'

interface Raced {
  organization: TestOrganization
  browser: TestCaller
}

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

async function createScheduled(dueInMilliseconds: number): Promise<Raced> {
  const user = await createTestUser(test)
  const browser = await signInTestUser(test, user)
  const organization = await createTestOrganization(test, { owner: user.id })
  await test.rows(sql`
    update organizations set delete_after = clock_timestamp() + ${dueInMilliseconds} * interval '1 millisecond'
    where id = ${organization.id}`)
  return { organization, browser }
}

async function readState({ organization: { id } }: Raced) {
  const [row] = await test.rows<{ isScheduled: boolean; millisecondsLeft: number }>(sql`
    select delete_after is not null as "isScheduled",
      coalesce(extract(epoch from delete_after - clock_timestamp()) * 1000, 0)::float8 as "millisecondsLeft"
    from organizations where id = ${id}`)
  return row ?? null
}

const restore = async ({ organization, browser }: Raced) =>
  (await restoreOrganization(test.runtime, browser, { organizationId: organization.id })).ok

const run = async () => (await runOrganizationDeletions(test.runtime)).deleted > 0

/** What a run would be that looks first and then deletes. */
async function runNaively({ organization }: Raced): Promise<boolean> {
  const due = await test.rows(sql`
    select from organizations where id = ${organization.id} and delete_after <= clock_timestamp()`)
  if (due.length === 0) return false
  await inTransaction(test.runtime, (tx) => eraseOrganization(tx, organization))
  return true
}

describe('restoring at the moment of the deletion', () => {
  const raceWith = (deletion: (raced: Raced) => Promise<boolean>) =>
    race('organization.deleteAfter', {
      rounds: 20,
      clients: 6,
      maxWinners: 6,
      async prepare(round) {
        // Restoring does more than one thing: whether it comes in time depends on when it is pressed.
        return { ...(await createScheduled(60)), early: 4 + 2 * (round % 10) }
      },
      async attempt(raced, client) {
        while (((await readState(raced))?.millisecondsLeft ?? 0) > (client === 0 ? raced.early : 1));
        if (client === 0) return restore(raced)
        let won = false
        while (!won && (await readState(raced))?.isScheduled) won = await deletion(raced)
        return won
      },
      async invariant(raced, winners) {
        const { organization } = raced
        const lines = await test.rows<{ action: string }>(
          sql`select action from audit_events where organization_id = ${organization.id}`,
        )
        const isThere = (await readState(raced)) !== null
        const expected = isThere ? ['organization.restored'] : ['organization.deleted']
        if (winners !== 1 || JSON.stringify(lines.map(({ action }) => action)) !== JSON.stringify(expected))
          throw new RaceLost('restored, and deleted all the same')
        await test.rows(sql`delete from organizations`)
      },
    })

  it('is one or the other', async () => {
    expect(await raceWith(run)).toBe(20)
  })

  it('is both, or more than once, for a run that looks first', async () => {
    await expect(raceWith(runNaively)).rejects.toThrow(RaceLost)
    await test.rows(sql`delete from organizations`)
  })
})

describe('several workers at once', () => {
  it('share what there is, and wait for nobody', async () => {
    await test.rows(sql`delete from organizations`)
    const owner = await createTestUser(test)
    const made = await Promise.all(
      Array.from({ length: 20 }, () => createTestOrganization(test, { owner: owner.id })),
    )
    await test.rows(sql`update organizations set delete_after = clock_timestamp()`)
    let deleted = 0
    const work = async () => {
      for (let done = 1; done > 0; deleted += done)
        done = (await runOrganizationDeletions(test.runtime)).deleted
    }
    await Promise.all([work(), work(), work()])
    await work()
    expect(deleted).toBe(20)
    const lines = await test.rows<{ targetId: string }>(
      sql`select target_id as "targetId" from audit_events where action = 'organization.deleted'`,
    )
    for (const { id } of made) expect(lines.filter(({ targetId }) => targetId === id)).toHaveLength(1)
  })
})
