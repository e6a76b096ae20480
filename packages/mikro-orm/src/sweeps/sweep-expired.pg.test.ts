import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestRuntime,
} from '../testing/index.ts'
import { createPasskeyUser } from '../testing/passkeys/test-passkey.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { registerInBrowser, testPassword } from '../testing/test-registration.ts'
import { createTotpUser, logInBrowser } from '../testing/test-second-factor.ts'
import { snapshot } from '../testing/test-snapshot.ts'
import { enrollUserTotp } from '../second-factor/enroll-user-totp.ts'
import { applyAuditRetention } from './apply-audit-retention.ts'
import { deleteInBatches } from './delete-in-batches.ts'
import { sweepExpired } from './sweep-expired.ts'

const nothing = {
  tokens: 0,
  sessions: 0,
  enrolments: 0,
  holds: 0,
  challenges: 0,
  slugs: 0,
  invitations: 0,
  limits: 0,
  workers: 0,
  jobs: 0,
}

describe('sweepExpired', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  beforeEach(() => sweepExpired(test.runtime))
  afterAll(() => test.close())

  it('leaves alone what still counts', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    await logInUser(test.runtime, browser, user)
    await registerInBrowser(test)
    const before = await snapshot(test)
    expect(await sweepExpired(test.runtime)).toEqual(nothing)
    expect(await snapshot(test)).toBe(before)
    expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
  })

  it('removes mailed tokens whose life is over, used or not', async () => {
    const user = await createTestUser(test)
    await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), user)
    const token = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
    await resetUserPassword(test.runtime, createTestCaller(), { token, password: testPassword })
    const count = () => test.rows(sql`select from users_tokens where user_id = ${user.id}`)
    expect(await count()).toHaveLength(1)
    test.advance({ minutes: 61 })
    expect(await sweepExpired(test.runtime)).toMatchObject({ tokens: 1 })
    expect(await count()).toHaveLength(0)
  })

  it('removes sessions that are idle too long, remembered ones later, and old ones always', async () => {
    await test.rows(sql`delete from user_sessions`)
    const user = await createTestUser(test)
    const log = (rememberMe: boolean) => logInUser(test.runtime, createTestCaller(), { ...user, rememberMe })
    await log(false)
    await log(true)
    test.advance({ hours: 25 })
    expect(await sweepExpired(test.runtime)).toMatchObject({ sessions: 1 })
    test.advance({ days: 30 })
    expect(await sweepExpired(test.runtime)).toMatchObject({ sessions: 1 })
    await log(true)
    await test.rows(sql`update user_sessions set expires_at = clock_timestamp()`)
    expect(await sweepExpired(test.runtime)).toMatchObject({ sessions: 1 })
  })

  it('removes seeds of authenticator apps that nobody activated within a day', async () => {
    const { user } = await createTotpUser(test)
    const browser = await logInBrowser(test, await createTestUser(test))
    expect(await enrollUserTotp(test.runtime, browser)).toMatchObject({ ok: true })
    await test.rows(sql`update user_totp set created_at = clock_timestamp() + ${test.runtime.clockOffset()}
      * interval '1 millisecond'`)
    test.advance({ hours: 23 })
    expect(await sweepExpired(test.runtime)).toMatchObject({ enrolments: 0 })
    test.advance({ hours: 2 })
    expect(await sweepExpired(test.runtime)).toMatchObject({ enrolments: 1 })
    expect(await test.rows(sql`select from user_totp where user_id = ${user.id}`)).toHaveLength(1)
  })

  it('removes addresses that are held no more', async () => {
    const now = sql`clock_timestamp() + ${test.runtime.clockOffset()} * interval '1 millisecond'`
    await test.rows(sql`insert into user_address_holds (digest, key_id, reason, held_until) values
      (sha256('one'), 'k1', 'changed', ${now} + interval '1 day'),
      (sha256('two'), 'k1', 'changed', ${now} + interval '2 days')`)
    test.advance({ hours: 25 })
    expect(await sweepExpired(test.runtime)).toMatchObject({ holds: 1 })
    expect(await test.rows(sql`select from user_address_holds`)).toHaveLength(1)
    await test.rows(sql`delete from user_address_holds`)
  })

  it('PK-01 removes spent challenges an hour after their end, by when no answer to them is on its way', async () => {
    await createPasskeyUser(test)
    test.advance({ minutes: 64 })
    expect(await sweepExpired(test.runtime)).toMatchObject({ challenges: 0 })
    await createPasskeyUser(test)
    test.advance({ minutes: 2 })
    expect(await sweepExpired(test.runtime)).toMatchObject({ challenges: 1 })
    expect(await test.rows(sql`select from webauthn_spent_challenges`)).toHaveLength(1)
  })

  it('RL-09 removes limits nobody has touched for two days, in batches', async () => {
    await test.rows(sql`
      insert into sigra_limits (key, tokens, updated_at)
      select 'k' || n, 1, ${new Date(Date.now() + test.runtime.clockOffset()).toISOString()}::timestamptz
      from generate_series(1, 2500) n`)
    expect(await sweepExpired(test.runtime)).toMatchObject({ limits: 0 })
    test.advance({ hours: 49 })
    const { limits } = await sweepExpired(test.runtime)
    expect(limits).toBeGreaterThanOrEqual(2500)
  })

  it('removes workers not seen for a day, and jobs that failed for good a week ago', async () => {
    const now = sql`clock_timestamp() + ${test.runtime.clockOffset()} * interval '1 millisecond'`
    await test.rows(sql`insert into sigra_workers (pool_id, seen_at)
      values ('gone', ${now} - interval '25 hours'), ('here', ${now})`)
    for (const [key, attempts, days] of [
      ['old', 25, 8],
      ['recent', 25, 6],
      ['waiting', 3, 8],
    ] as const) {
      await test.rows(sql`select from graphile_worker.add_job('sigra.mail', '{}', job_key := ${key})`)
      await test.rows(sql`update graphile_worker._private_jobs
        set attempts = ${attempts}, updated_at = ${now} - ${days} * interval '1 day' where key = ${key}`)
    }
    expect(await sweepExpired(test.runtime)).toMatchObject({ workers: 1, jobs: 1 })
    expect(
      await test.rows(sql`select key from graphile_worker.jobs where key is not null order by key`),
    ).toEqual([{ key: 'recent' }, { key: 'waiting' }])
  })

  it('leaves the jobs of the host alone: they are kept as long as the host wants', async () => {
    const now = sql`clock_timestamp() + ${test.runtime.clockOffset()} * interval '1 millisecond'`
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    const identifiers = ['invoices.send', 'sigra_mail', 'sigrale.mail']
    for (const identifier of identifiers) {
      await test.rows(sql`select from graphile_worker.add_job(${identifier}, '{}')`)
    }
    await test.rows(sql`update graphile_worker._private_jobs
      set attempts = max_attempts, updated_at = ${now} - interval '8 days'`)
    expect(await sweepExpired(test.runtime)).toMatchObject({ jobs: 0 })
    const left = sql`select task_identifier as id from graphile_worker.jobs order by id`
    expect(await test.rows(left)).toEqual(identifiers.map((id) => ({ id })))
  })

  it('takes what is left in as many batches as it needs', async () => {
    await test.rows(sql`create table leaves as select n from generate_series(1, 25) n`)
    const few = { batchRows: 5, foundRows: 10 }
    expect(await deleteInBatches(test.runtime, sql`leaves`, sql`x.n > 3`, few)).toBe(22)
    expect(await test.rows(sql`select from leaves`)).toHaveLength(3)
  })

  it('leaves what somebody is working with for the next time, and ends', async () => {
    await test.rows(sql`create table branches as select n from generate_series(1, 5) n`)
    const sweep = () =>
      deleteInBatches(test.runtime, sql`branches`, sql`x.n > 0`, { batchRows: 2, foundRows: 2 })
    await inTransaction(test.runtime, async (tx) => {
      await tx.rows(sql`select from branches where n <= 2 for update`)
      expect(await sweep()).toBe(0) // the first two that are found are taken
    })
    expect(await sweep()).toBe(5)
  })
})

describe('sweepExpired in an app without areas', () => {
  it('asks for no table of theirs', async () => {
    const test = await createTestRuntime()
    await test.rows(sql`drop table webauthn_spent_challenges`)
    const { challenges: _challenges, slugs: _slugs, invitations: _invitations, ...others } = nothing
    expect(await sweepExpired({ ...test.runtime, areas: [] })).toEqual(others)
    await test.close()
  })
})

describe('applyAuditRetention', () => {
  it('AUD-01 removes rows older than the policy, and never one younger than the database allows', async () => {
    const test = await createTestRuntime({ policy: { audit: { retentionDays: 1 } } })
    for (const days of [10, 89, 91, 400]) {
      await test.rows(sql`
        insert into audit_events (id, occurred_at, action, outcome, metadata)
        values (gen_random_uuid(), clock_timestamp() - ${days} * interval '1 day', 'auth.log_in', 'success', '{}')`)
    }
    expect(await applyAuditRetention(test.runtime)).toBe(2)
    expect(await applyAuditRetention(test.runtime)).toBe(0)
    expect(await test.rows(sql`select from audit_events`)).toHaveLength(2)
    await test.close()
  })
})
