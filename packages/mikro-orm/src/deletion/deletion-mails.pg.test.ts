import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { parseMailPayload } from '../mail/mail-payload.ts'
import { createTestCaller, createTestRuntime, createTestUser, type TestRuntime } from '../testing/index.ts'
import { askForTestDeletion } from '../testing/test-scheduling.ts'
import { findText, makeDue } from '../testing/test-due-user.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { getUserByNotMeToken } from '../not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { remindOfUserDeletions } from './remind-of-user-deletions.ts'
import { runUserDeletions } from './run-user-deletions.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({
    localeProperty: 'locale',
    mailUser: ['displayName'],
    policy: { ...generousLimits, ...cheapHashing },
  })
})
afterEach(async () => {
  await test.rows(sql`delete from graphile_worker._private_jobs`)
  await test.rows(sql`delete from users`)
  test.advance({ milliseconds: -test.runtime.clockOffset() })
})
afterAll(() => test.close())

const remind = () => remindOfUserDeletions(test.runtime)

describe('a reminder of a deletion', () => {
  async function createScheduledUser() {
    const user = await createTestUser(test)
    const deleteAfter = await askForTestDeletion(test, user)
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    return { user, deleteAfter }
  }

  it('is sent two days before, once, with a link that works until then', async () => {
    const { user, deleteAfter } = await createScheduledUser()
    test.advance({ days: 11, hours: 23 })
    expect(await remind()).toBe(0)
    test.advance({ hours: 2 })
    expect(await remind()).toBe(1)
    expect(await remind()).toBe(0)
    const mail = findMail(await deliverMail(test), 'deletionReminder')
    expect(mail).toMatchObject({ to: user.email, props: { deleteAfter, notMeDays: 2 } })
    const token = tokenOf(mail.props.notMeUrl)
    test.advance({ days: 1, hours: 22 })
    expect(await getUserByNotMeToken(test.runtime, createTestCaller(), token)).toMatchObject({
      keepsAccount: true,
    })
    expect(await secureUser(test.runtime, createTestCaller(), { token })).toEqual({ ok: true })
  })

  it('is for nobody who came back, nor for whom it is too late', async () => {
    const { user } = await createScheduledUser()
    await test.rows(sql`update users set delete_after = null where id = ${user.id}`)
    await makeDue(test, await createTestUser(test), -1)
    test.advance({ days: 13 })
    expect(await remind()).toBe(0)
  })

  it('is sent again where somebody came back, and asked again', async () => {
    const { user } = await createScheduledUser()
    test.advance({ days: 13 })
    expect(await remind()).toBe(1)
    await makeDue(test, user, 1)
    expect(await remind()).toBe(1)
  })

  it('is sent once by however many workers, and waits for nobody who is at work with the account', async () => {
    const { user } = await createScheduledUser()
    test.advance({ days: 13 })
    const waiting = sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    let reminders: Promise<number>[] = []
    await inTransaction(test.runtime, async (tx) => {
      await tx.rows(sql`select from users where id = ${user.id} for no key update`)
      reminders = Array.from({ length: 8 }, remind)
      const done = { all: false }
      const all = Promise.all(reminders).then(() => (done.all = true))
      const isWaiting = async () => {
        while (!done.all && (await test.rows(waiting)).length === 0);
        return done.all
      }
      expect(await Promise.race([all, isWaiting()])).toBe(true)
    })
    expect(await Promise.all(reminders)).toEqual(reminders.map(() => 0))
    const counts = await Promise.all(Array.from({ length: 8 }, remind))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect((await readQueue(test)).map(({ address }) => address)).toEqual([user.canonical])
  })
})

describe('the last email', () => {
  it.each(['anonymise', 'hard', 'soft'] as const)(
    'is sent when nothing is left to read, in the language of the account, by %s',
    async (strategy) => {
      const { policy } = test.runtime
      const runtime = { ...test.runtime, policy: { ...policy, deletion: { ...policy.deletion, strategy } } }
      const user = await createTestUser(test, { email: `Ada-${strategy}@example.com` })
      await test.rows(sql`update users set locale = 'de-AT', display_name = 'Ada' where id = ${user.id}`)
      await makeDue(test, user, -1)
      await runUserDeletions(runtime)
      const { to, props } = findMail(await deliverMail(test), 'accountDeleted')
      expect(to).toBe(user.email)
      expect(props).toEqual({ appName: 'Acme', locale: 'de-AT', user: null, deletedAt: expect.any(Date) })
      expect(await findText(test, user.canonical)).toEqual(strategy === 'soft' ? ['public.users'] : [])
    },
  )

  it('says nothing of whoever has the address by then', async () => {
    const user = await createTestUser(test)
    await makeDue(test, user, -1)
    await runUserDeletions(test.runtime)
    const next = await createTestUser(test, { email: user.email })
    await test.rows(sql`update users set locale = 'fr', display_name = 'Eve' where id = ${next.id}`)
    const { props } = findMail(await deliverMail(test), 'accountDeleted')
    expect(props).toMatchObject({ locale: 'en', user: null })
  })

  it('is the same message however often it is tried', async () => {
    await makeDue(test, await createTestUser(test), -1)
    await runUserDeletions(test.runtime)
    const jobs = await readQueue(test)
    const [first] = (await deliverMail(test)).sent
    const [payload] = jobs
    await test.rows(sql`select from graphile_worker.add_job('sigra.mail', ${JSON.stringify(payload)}::json)`)
    expect((await deliverMail(test)).sent).toEqual([first])
  })

  it('is not sent to an address that nobody has proven', async () => {
    await makeDue(test, await createTestUser(test, { confirmed: false }), -1)
    expect(await runUserDeletions(test.runtime)).toMatchObject({ deleted: 1 })
    expect(await readQueue(test)).toEqual([])
  })

  it('is understood as it is written, and not otherwise', async () => {
    await makeDue(test, await createTestUser(test), -1)
    await runUserDeletions(test.runtime)
    const [mail] = await readQueue(test)
    for (const wrong of [
      { address: 'x@example.com' },
      { locale: '' },
      { deletedAt: 'today' },
      { mailId: 'x' },
    ])
      expect(parseMailPayload({ ...mail, ...wrong }, test.runtime)).toBeNull()
  })
})
