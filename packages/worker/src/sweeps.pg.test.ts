import { createRootSecret } from '@sigra/core'
import { inTransaction, recordAuditEvent, registerUser, sql } from '@sigra/mikro-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestRuntime,
} from '../../mikro-orm/src/testing/index.ts'
import { createTestOrganization } from '../../mikro-orm/src/testing/organizations/test-members.ts'
import type { RunningWorker } from './queue/running-worker.ts'
import { runWorker } from './run-worker.ts'
import { AUDIT_RETENTION_TASK, DELETIONS_TASK, SCHEDULE, SEAL_TASK, SWEEP_TASK } from './sweeps.ts'
import { plainMails } from './testing-only/plain-mails.ts'
import { eventually } from './testing-only/eventually.ts'

let test: TestRuntime
let worker: RunningWorker

beforeEach(async () => {
  test = await createTestRuntime({ secrets: createRootSecret() })
  worker = await runWorker({
    sigra: { edge: { runtime: test.runtime } },
    mails: plainMails,
    transport: async () => undefined,
    intervals: { heartbeatMilliseconds: 100, pollMilliseconds: 100 },
  })
})

afterEach(async () => {
  await worker.stop()
  await test.close()
})

async function count(table: 'users_tokens' | 'audit_events' | 'jobs'): Promise<number> {
  const tables = {
    users_tokens: sql`users_tokens`,
    audit_events: sql`audit_events`,
    jobs: sql`graphile_worker.jobs`,
  }
  const [row] = await test.rows<{ n: number }>(sql`select count(*)::int as n from ${tables[table]}`)
  return row?.n ?? -1
}

async function knownTasks(): Promise<string[]> {
  const rows = await test.rows<{ identifier: string }>(
    sql`select identifier from graphile_worker._private_known_crontabs order by 1`,
  )
  return rows.map(({ identifier }) => identifier)
}

async function runTask(task: string, done: string): Promise<void> {
  const jobs = await test.rows<{ id: string }>(sql`select id::text from graphile_worker.add_job(${task})`)
  // It says that it is done before its job is gone: a task ends first, and then its row.
  await eventually(async () =>
    expect(
      await test.rows(sql`select from graphile_worker.jobs where id = ${jobs[0]?.id ?? null}::bigint`),
    ).toEqual([]),
  )
  expect(test.logged.map(({ event }) => event)).toContain(done)
}

describe('the sweep', () => {
  it('removes a token that has expired, and none that has not', async () => {
    const password = 'Tulpen im Regen, 1987'
    await registerUser(test.runtime, createTestCaller(), { email: 'ada@example.com', password })
    await eventually(async () => expect(await count('jobs')).toBe(0))
    await runTask(SWEEP_TASK, 'sweep.done')
    expect(await count('users_tokens')).toBe(1)

    test.logged.length = 0
    test.advance({ hours: 25 })
    await runTask(SWEEP_TASK, 'sweep.done')
    expect(await count('users_tokens')).toBe(0)
    expect(test.logged).toContainEqual(
      expect.objectContaining({
        event: 'sweep.done',
        fields: { removed: expect.objectContaining({ tokens: 1 }) },
      }),
    )
  })

  it('removes jobs that failed for good long ago: they hold addresses (MAIL-02)', async () => {
    await test.rows(
      sql`select from graphile_worker.add_job('host.report', run_at := now() + interval '1 day')`,
    )
    await test.rows(
      sql`select from graphile_worker.add_job('sigra.mail', '{}'::json, run_at := now() + interval '1 day')`,
    )
    await test.rows(sql`update graphile_worker._private_jobs set attempts = max_attempts, updated_at = now() - interval '30 days'
      where payload::text = '{}' and task_id = (select id from graphile_worker._private_tasks where identifier = 'sigra.mail')`)
    await runTask(SWEEP_TASK, 'sweep.done')
    expect(await test.rows(sql`select task_identifier as task from graphile_worker.jobs`)).toEqual([
      { task: 'host.report' },
    ])
  })
})

describe('audit retention', () => {
  it('removes lines older than the policy keeps them, and only those', async () => {
    for (const daysAgo of [400, 100, 0]) {
      test.advance({ days: -daysAgo })
      await inTransaction(test.runtime, (tx) =>
        recordAuditEvent(tx, createTestCaller(), { action: 'auth.log_out', outcome: 'success' }),
      )
      test.advance({ days: daysAgo })
    }
    await runTask(AUDIT_RETENTION_TASK, 'audit_retention.done')
    expect(await count('audit_events')).toBe(2)
  })
})

describe('deletions', () => {
  it('are of organizations, too, where the app has them', async () => {
    await createTestOrganization(test, { owner: (await createTestUser(test)).id })
    await test.rows(sql`update organizations set delete_after = now() - interval '1 minute'`)
    await runTask(DELETIONS_TASK, 'deletions.done')
    expect(await test.rows(sql`select from organizations`)).toEqual([])
    expect(test.logged).toContainEqual(
      expect.objectContaining({
        event: 'deletions.done',
        fields: { reminded: 0, deleted: 0, failed: 0, organizations: { deleted: 1, failed: 0 } },
      }),
    )
  })
})

describe('the schedule', () => {
  it('seals stored secrets anew in between', async () => {
    await runTask(SEAL_TASK, 'secrets.sealed_anew')
    expect(test.logged).toContainEqual(
      expect.objectContaining({ event: 'secrets.sealed_anew', fields: { sealed: 0, unreadable: 0 } }),
    )
  })

  it('is known to the database: sweeps from three to four, deletions every quarter of an hour', async () => {
    expect(SCHEDULE.map(({ task, match }) => `${match} ${task}`)).toEqual([
      '0 3 * * * sigra.sweep',
      '30 3 * * * sigra.seal_anew',
      '0 4 * * * sigra.audit_retention',
      '*/15 * * * * sigra.deletions',
      '*/5 * * * * sigra.areas',
    ])
    // The queue writes them down when it has started, which nothing here waits for.
    await eventually(async () =>
      expect(await knownTasks()).toEqual(SCHEDULE.map(({ task }) => task).toSorted()),
    )
  })

  it('makes up for a night in which no worker ran', async () => {
    await eventually(async () => expect(await knownTasks()).toHaveLength(SCHEDULE.length))
    await worker.stop()
    await test.rows(
      sql`update graphile_worker._private_known_crontabs set last_execution = now() - interval '26 hours'`,
    )
    worker = await runWorker({
      sigra: { edge: { runtime: test.runtime } },
      mails: plainMails,
      transport: async () => undefined,
      intervals: { pollMilliseconds: 100 },
    })
    await eventually(() => {
      const events = test.logged.map(({ event }) => event)
      expect(events).toContain('sweep.done')
      expect(events).toContain('audit_retention.done')
    })
  })
})
