import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { createTestRuntime, createTestUser, type TestRuntime } from '../testing/index.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { backfillPersonalOrganizations } from './backfill-personal-organizations.ts'
import { listOrganizations } from './list-organizations.ts'

describe.each(['uuid', 'bigint'] as const)('who registered before, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    const policy = { ...generousLimits, ...cheapHashing }
    test = await createTestRuntime({ idType, policy, organizations: { personal: true } })
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    await test.rows(sql`truncate organizations, users cascade`)
  })

  const backfill = (usersPerBatch = 100, onBatch?: (made: number) => void) =>
    backfillPersonalOrganizations(test.runtime, { usersPerBatch, ...(onBatch ? { onBatch } : {}) })
  const createUsers = async (count: number) => {
    for (let n = 0; n < count; n++) await createTestUser(test, { hashedPassword: null })
  }
  /** How many personal organizations each account has. */
  const counts = async () =>
    (
      await test.rows<{ count: number }>(sql`
        select (select count(*)::int from organizations o join organization_memberships m on m.organization_id = o.id
          join organization_slugs s on s.organization_id = o.id and s.slug = o.slug
          where o.personal_owner_id = u.id and m.user_id = u.id and m.role = 'owner') as count
        from users u order by u.id`)
    ).map(({ count }) => count)

  it('gets a personal organization, once, however often it is run', async () => {
    const user = await createTestUser(test)
    await createUsers(6)
    const told: number[] = []
    expect(await backfill(3, (made) => told.push(made))).toEqual({ made: 7, left: 0 })
    expect(told).toEqual([3, 6, 7])
    expect(await counts()).toEqual([1, 1, 1, 1, 1, 1, 1])
    expect(await backfill()).toEqual({ made: 0, left: 0 })
    expect(await counts()).toEqual([1, 1, 1, 1, 1, 1, 1])
    expect(await listOrganizations(test.runtime, await signInTestUser(test, user))).toMatchObject([
      { isPersonal: true, role: 'owner' },
    ])
  })

  it('gets none where they have one, or are deleted', async () => {
    await createUsers(2)
    await backfill()
    await createUsers(2)
    await test.rows(sql`
      update users set deleted_at = now() where id = (
        select u.id from users u where not exists (select from organizations o where o.personal_owner_id = u.id) limit 1)`)
    expect(await backfill()).toEqual({ made: 1, left: 0 })
  })

  it('is gone on with after a run that was killed: batches that were done stay done', async () => {
    await createUsers(5)
    const killed = backfill(2, () => {
      throw new Error('killed')
    })
    await expect(killed).rejects.toThrow('killed')
    expect((await counts()).toSorted()).toEqual([0, 0, 0, 1, 1])
    expect(await backfill(2)).toEqual({ made: 3, left: 0 })
    expect(await counts()).toEqual([1, 1, 1, 1, 1])
  })

  it('is one run’s of several at once, and nobody gets two', async () => {
    for (let round = 0; round < 5; round++) {
      await test.rows(sql`truncate organizations, users cascade`)
      await createUsers(12)
      const runs = await Promise.all(Array.from({ length: 4 }, () => backfill(2)))
      expect(runs.reduce((sum, { made }) => sum + made, 0)).toBe(12)
      expect(await counts()).toEqual(Array.from({ length: 12 }, () => 1))
    }
  })

  it('waits for nobody, and says who is left', async () => {
    await createUsers(2)
    await inTransaction(test.runtime, async (tx) => {
      await tx.rows(sql`select from users order by id limit 1 for update`)
      expect(await backfill()).toEqual({ made: 1, left: 1 })
    })
    expect(await backfill()).toEqual({ made: 1, left: 0 })
  })
})

it('nobody gets one where the app wants none', async () => {
  const test = await createTestRuntime()
  await expect(backfillPersonalOrganizations(test.runtime)).rejects.toThrow('personal is false')
  await test.close()
})
