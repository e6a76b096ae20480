import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sql, sql } from '../database/sql.ts'
import { createTestRuntime, createTestUser, race, type TestRuntime, type TestUser } from '../testing/index.ts'
import {
  createTestOrganization,
  readRolesOf,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'

const CLIENTS = 8

describe.each(['uuid', 'bigint'] as const)('the trigger that keeps an owner, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType })
  })
  afterAll(() => test.close())

  async function createUsers(count: number): Promise<TestUser[]> {
    return Promise.all(Array.from({ length: count }, () => createTestUser(test, { hashedPassword: null })))
  }

  async function twoOwners(): Promise<{ users: [TestUser, TestUser]; organization: TestOrganization }> {
    const [one, other] = await createUsers(2)
    if (!one || !other) throw new Error('two users')
    const organization = await createTestOrganization(test, { owner: [one.id, other.id] })
    return { users: [one, other], organization }
  }

  const refused = 'an organization keeps an owner'

  it('ORG-08: refuses the last one to go, to be demoted, to be moved, and to go with their user', async () => {
    const { users, organization } = await twoOwners()
    const [one, other] = users
    await test.rows(sql`update organization_memberships set role = 'member' where user_id = ${one.id}`)
    const last: Sql[] = [
      sql`delete from organization_memberships where user_id = ${other.id}`,
      sql`update organization_memberships set role = 'admin' where user_id = ${other.id}`,
      sql`delete from users where id = ${other.id}`,
    ]
    for (const statement of last) await expect(test.rows(statement)).rejects.toThrow(refused)
    const elsewhere = await createTestOrganization(test, { owner: one.id })
    const move = sql`update organization_memberships set organization_id = ${elsewhere.id} where user_id = ${other.id}`
    await expect(test.rows(move)).rejects.toThrow(refused)
    expect(await readRolesOf(test, organization)).toEqual({ [one.id]: 'member', [other.id]: 'owner' })
  })

  it('lets owners change places in one transaction, and an organization go as a whole', async () => {
    const { users, organization } = await twoOwners()
    const [one, other] = users
    await test.rows(sql`update organization_memberships set role = 'member' where user_id = ${other.id}`)
    await test.orm.em.fork().transactional(async (em) => {
      const run = (text: string, values: unknown[]) =>
        em.getConnection().execute(text, values, 'run', em.getTransactionContext())
      await run('update organization_memberships set role = ? where user_id = ?', ['member', one.id])
      await run('update organization_memberships set role = ? where user_id = ?', ['owner', other.id])
    })
    expect(await readRolesOf(test, organization)).toEqual({ [one.id]: 'member', [other.id]: 'owner' })
    await test.rows(sql`delete from organizations where id = ${organization.id}`)
    expect(await readRolesOf(test, organization)).toEqual({})
  })

  it('lets a personal organization go with its user', async () => {
    const [user] = await createUsers(1)
    if (!user) throw new Error('a user')
    const organization = await createTestOrganization(test, { owner: user.id })
    await test.rows(
      sql`update organizations set personal_owner_id = ${user.id} where id = ${organization.id}`,
    )
    await test.rows(sql`delete from users where id = ${user.id}`)
    expect(await test.rows(sql`select from organizations where id = ${organization.id}`)).toEqual([])
  })

  describe('where owners leave at once', () => {
    async function prepare() {
      const users = await createUsers(CLIENTS)
      const organization = await createTestOrganization(test, { owner: users.map(({ id }) => id) })
      return { users, organization }
    }
    type Setup = Awaited<ReturnType<typeof prepare>>

    async function leave(
      { users, organization }: Setup,
      client: number,
      isolation: string,
    ): Promise<boolean> {
      const userId = users[client]?.id ?? ''
      const run = test.orm.em.fork().transactional(async (em) => {
        const context = em.getTransactionContext()
        const execute = (text: string, values: unknown[] = []) =>
          em.getConnection().execute<{ count: number }[]>(text, values, 'all', context)
        await execute(`set transaction isolation level ${isolation}`)
        const [left] = await execute(
          'select count(*)::int as count from organization_memberships where organization_id = ? and role = ?',
          [organization.id, 'owner'],
        )
        if ((left?.count ?? 0) < 2) return false // what a host would write: count, then delete
        await execute('delete from organization_memberships where user_id = ? and organization_id = ?', [
          userId,
          organization.id,
        ])
        return true
      })
      return run.catch((error: Error) => {
        if (error.message.includes(refused) || error.message.includes('could not serialize')) return false
        throw error
      })
    }

    const ownersOf = async ({ organization }: Setup) =>
      Object.values(await readRolesOf(test, organization)).filter((role) => role === 'owner').length

    it.each(['read committed', 'repeatable read', 'serializable'])(
      'ORG-08: one stays, by SQL of the host, %s',
      async (isolation) => {
        const left = await race('organizationMembership.role', {
          rounds: 10,
          clients: CLIENTS,
          maxWinners: CLIENTS - 1,
          prepare,
          attempt: (setup, client) => leave(setup, client, isolation),
          async invariant(setup, winners) {
            expect(await ownersOf(setup)).toBe(CLIENTS - winners)
          },
        })
        expect(left).toBeGreaterThan(0)
      },
    )

    it('ORG-08: none stays where the trigger is not there, so that the race is one', async () => {
      await test.rows(sql`alter table organization_memberships disable trigger organization_keeps_owner`)
      let orphaned = 0
      await race('organizationMembership.role', {
        rounds: 10,
        clients: CLIENTS,
        maxWinners: CLIENTS,
        prepare,
        attempt: (setup, client) => leave(setup, client, 'read committed'),
        async invariant(setup) {
          if ((await ownersOf(setup)) === 0) orphaned += 1
        },
      })
      await test.rows(sql`alter table organization_memberships enable trigger organization_keeps_owner`)
      expect(orphaned).toBeGreaterThan(0)
    })
  })
})
