import { randomBytes } from 'node:crypto'
import { parseEmail } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { admitAddress } from '../addresses/admit-address.ts'
import { identifier, sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Policy } from '../policy.ts'
import { createTestRuntime, createTestUser, type TestRuntime, type TestUser } from '../testing/index.ts'
import { deliverMail } from '../testing/test-mail.ts'
import { findText, makeDue } from '../testing/test-due-user.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTalkativeUser, queueMail } from '../testing/test-talkative.ts'
import { dueUsers } from './due-users.ts'
import { runUserDeletions } from './run-user-deletions.ts'

const strategies = ['anonymise', 'hard', 'soft'] as const

const tests = new Map<'uuid' | 'bigint', TestRuntime>()
let test: TestRuntime

beforeAll(async () => {
  for (const idType of ['uuid', 'bigint'] as const)
    tests.set(idType, await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } }))
})
beforeEach(async () => {
  for (const each of tests.values()) await each.rows(sql`delete from graphile_worker._private_jobs`)
  start()
})
afterAll(() => Promise.all([...tests.values()].map((each) => each.close())))

/** Goes on with a policy of deletion, in the database of one type of keys. */
function start(deletion: Partial<Policy['deletion']> = {}, idType: 'uuid' | 'bigint' = 'uuid'): void {
  const found = tests.get(idType)
  if (!found) throw new Error('not started')
  const { policy } = found.runtime
  const runtime = { ...found.runtime, policy: { ...policy, deletion: { ...policy.deletion, ...deletion } } }
  test = { ...found, runtime }
}

const run = () => runUserDeletions(test.runtime)

/** Stands in the rows of one account alone. */
const createWord = () => `canary${randomBytes(6).toString('hex')}`

async function createDueUser(): Promise<TestUser> {
  const user = await createTestUser(test)
  await makeDue(test, user, -1)
  return user
}

const readRow = async ({ id }: Pick<TestUser, 'id'>): Promise<Record<string, unknown> | undefined> =>
  (
    await test.rows<{ row: Record<string, unknown> }>(
      sql`select to_jsonb(u) as row from users u where id = ${id}`,
    )
  )[0]?.row

/** The tables with a row that belongs to somebody. */
async function tablesOf({ id }: TestUser): Promise<string[]> {
  const tables = await test.rows<{ name: string }>(sql`
    select table_name as name from information_schema.columns
    where column_name = 'user_id' and table_schema = 'public' order by 1`)
  expect(tables.length).toBeGreaterThanOrEqual(9)
  const found: string[] = []
  for (const { name } of tables)
    if ((await test.rows(sql`select from ${identifier(name)} where user_id = ${id}`)).length > 0)
      found.push(name)
  return found
}

describe.each(strategies)('an account deleted by the strategy %s', (strategy) => {
  it.each(['uuid', 'bigint'] as const)(
    'DEL-02 leaves nothing that lets in or belongs to it, with %s keys',
    async (idType) => {
      start({ strategy }, idType)
      const word = createWord()
      const user = await createTalkativeUser(test, word)
      expect(await tablesOf(user)).toHaveLength(9)
      await makeDue(test, user, -1)
      expect(await run()).toEqual({ deleted: 1, failed: 0, more: false })
      expect((await deliverMail(test)).sent.map(({ kind }) => kind)).toEqual(['accountDeleted'])
      expect(await tablesOf(user)).toEqual(strategy === 'soft' ? ['user_consents'] : [])
      expect(await findText(test, word)).toEqual(
        strategy === 'soft' ? ['public.user_consents', 'public.users'] : [],
      )
      expect(JSON.stringify(test.logged)).not.toContain(word)
    },
  )

  it('is in the audit log by its id', async () => {
    start({ strategy })
    const user = await createDueUser()
    await run()
    expect(
      await test.rows(sql`
        select action, outcome, actor_id as actor, metadata from audit_events where subject_id = ${user.id}`),
    ).toEqual([
      { action: 'account.deleted', outcome: 'success', actor: null, metadata: { result: strategy } },
    ])
  })

  it('leaves everybody else alone', async () => {
    start({ strategy })
    const word = createWord()
    const other = await createTalkativeUser(test, word)
    const before = await findText(test, word)
    await createDueUser()
    await run()
    expect(await findText(test, word)).toEqual(before)
    expect(await tablesOf(other)).toHaveLength(9)
  })

  it('is deleted once, and not before its time', async () => {
    start({ strategy })
    const user = await createTestUser(test)
    await makeDue(test, user, 14)
    test.advance({ days: 13 })
    expect(await run()).toMatchObject({ deleted: 0 })
    test.advance({ days: 1 })
    expect(await run()).toMatchObject({ deleted: 1 })
    const after = await readRow(user)
    expect(await run()).toMatchObject({ deleted: 0, failed: 0 })
    expect(await readRow(user)).toEqual(after)
    expect(
      await test.rows(
        sql`select from audit_events where action = 'account.deleted' and subject_id = ${user.id}`,
      ),
    ).toHaveLength(1)
  })
})

describe('the row of an account that is deleted', () => {
  it('DEL-02 says nothing any more where it stays anonymised', async () => {
    const word = createWord()
    const user = await createTalkativeUser(test, word)
    await test.rows(sql`
      update users set failed_password_count = 3, password_locked_at = now(), support_allowed = true,
        webauthn_user_id = decode(repeat('aa', 64), 'hex'), registration_browser_hash = sha256('a')
      where id = ${user.id}`)
    await makeDue(test, user, -1)
    await run()
    const { id, email, email_canonical, created_at, updated_at, disabled_at, deleted_at, ...others } =
      (await readRow(user)) ?? {}
    expect(email).toBe(`deleted-${user.id}@deleted.invalid`)
    expect(email_canonical).toBe(email)
    for (const known of [id, created_at, updated_at, disabled_at, deleted_at]) expect(known).not.toBeNull()
    expect(
      Object.entries(others).filter(([, value]) => ![null, false, 0].some((empty) => empty === value)),
    ).toEqual([])
  })

  it('is gone where it is deleted for good', async () => {
    start({ strategy: 'hard' })
    const user = await createDueUser()
    await run()
    expect(await readRow(user)).toBeUndefined()
  })

  it('keeps its address and your columns where it is only closed, and no password', async () => {
    start({ strategy: 'soft' })
    const word = createWord()
    const user = await createTalkativeUser(test, word)
    await makeDue(test, user, -1)
    await run()
    expect(await readRow(user)).toMatchObject({
      email: user.email,
      display_name: word,
      hashed_password: null,
      delete_after: null,
      deleted_at: expect.any(String),
    })
  })
})

describe('the address of an account that is deleted', () => {
  const admit = ({ canonical }: TestUser) =>
    inTransaction(test.runtime, (tx) => admitAddress(tx, canonical, { way: 'registration', userId: null }))

  it('is anybody’s at once', async () => {
    const user = await createDueUser()
    await run()
    expect(await admit(user)).toMatchObject({ ok: true })
    expect(await createTestUser(test, { email: user.email })).toMatchObject({ email: user.email })
  })

  it.each(['anonymise', 'hard'] as const)('is held as long as the policy says, by %s', async (strategy) => {
    start({ strategy, holdAddressDays: 30 })
    const user = await createDueUser()
    await run()
    expect(await admit(user)).toEqual({ ok: false, reason: 'held' })
    test.advance({ days: 30, minutes: 1 })
    expect(await admit(user)).toMatchObject({ ok: true })
  })

  it('stays taken where the account is only closed', async () => {
    start({ strategy: 'soft' })
    const user = await createDueUser()
    await run()
    await expect(createTestUser(test, { email: user.email })).rejects.toThrow('unique')
  })

  it('is no address that anybody could type', async () => {
    const user = await createDueUser()
    await run()
    expect(parseEmail(`deleted-${user.id}@deleted.invalid`)).toBeNull()
    expect(parseEmail(`deleted-${user.id}@DELETED.Invalid`)).toBeNull()
  })
})

describe('emails in the queue', () => {
  beforeEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))

  const waiting = async () =>
    (
      await test.rows<{ address: string }>(sql`
        select payload ->> 'address' as address from graphile_worker._private_jobs
        where payload ->> 'kind' <> 'accountDeleted' order by 1`)
    ).map(({ address }) => address)

  it('DEL-02 to somebody who is deleted are gone, also those that failed for good; others are not', async () => {
    const word = createWord()
    const user = await createTalkativeUser(test, word)
    await test.rows(sql`update graphile_worker._private_jobs set attempts = max_attempts`)
    await queueMail(test, { address: 'other@example.com' })
    await test.rows(
      sql`select from graphile_worker.add_job('host.report', ${JSON.stringify({ kind: 'report', address: user.email })}::json)`,
    )
    await makeDue(test, user, -1)
    await run()
    expect(await waiting()).toEqual([user.email, 'other@example.com'])
  })

  it('to an address that is somebody else’s stay, whatever change of it the deleted account had asked for', async () => {
    const other = await createTestUser(test)
    const word = createWord()
    const user = await createTalkativeUser(test, word)
    await test.rows(sql`
      update user_email_changes set new_email = ${other.email}, new_email_canonical = ${other.canonical}
      where user_id = ${user.id}`)
    await queueMail(test, { address: other.canonical })
    await makeDue(test, user, -1)
    await run()
    expect(await waiting()).toEqual([other.canonical])
  })
})

describe('a run', () => {
  it('takes the oldest first, a bounded number, and says that there are more', async () => {
    const users: TestUser[] = []
    for (const days of [-3, -1, -2]) {
      const user = await createTestUser(test)
      await makeDue(test, user, days)
      users.push(user)
    }
    const bounded = { usersPerRun: 2 }
    expect(await runUserDeletions(test.runtime, bounded)).toEqual({ deleted: 2, failed: 0, more: true })
    expect(
      await Promise.all(users.map(async (user) => (await readRow(user))?.['deleted_at'] === null)),
    ).toEqual([false, true, false])
    expect(await runUserDeletions(test.runtime, bounded)).toEqual({ deleted: 1, failed: 0, more: false })
  })

  it('does not wait for somebody whose row or address is in use, and does not go on in circles', async () => {
    const [user, other] = [await createDueUser(), await createDueUser()]
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { promise: taken, resolve: take } = Promise.withResolvers<void>()
    const holding = inTransaction(test.runtime, async (tx) => {
      await admitAddress(tx, other.canonical, { way: 'change', userId: null })
      await tx.rows(sql`select from users where id = ${user.id} for no key update`)
      take()
      await held
    })
    await taken
    const meanwhile = await runUserDeletions(test.runtime, { usersPerRun: 2 })
    release()
    await holding
    expect(meanwhile).toEqual({ deleted: 0, failed: 0, more: false })
    expect(await run()).toMatchObject({ deleted: 2 })
  })

  it('finds whom it deletes by an index, however many accounts there are', async () => {
    await test.rows(sql`
      insert into users (id, email, email_canonical, created_at, delete_after)
      select gen_random_uuid(), n || '@example.com', n || '@example.com', now(),
        case when n % 1000 = 0 then now() + interval '1 day' end
      from generate_series(1, 20000) n`)
    await test.rows(sql`analyze users`)
    const plan = await test.rows(sql`explain ${dueUsers(test.runtime, 100)}`)
    expect(JSON.stringify(plan)).toContain('delete_after')
    expect(JSON.stringify(plan)).not.toContain('Seq Scan')
  })
})
