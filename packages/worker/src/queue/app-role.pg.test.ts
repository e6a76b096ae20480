import { createRootSecret } from '@sigra/core'
import { registerUser, sql } from '@sigra/mikro-orm'
import { expect, it } from 'vitest'
import { grantToAppRole } from '../migrate/grant-to-app-role.ts'
import { createTestCaller, createTestRuntime, createTestUser } from '../../../mikro-orm/src/testing/index.ts'
import { askForTestDeletion } from '../../../mikro-orm/src/testing/test-scheduling.ts'
import { runWorker } from '../run-worker.ts'
import { connectRuntime } from '../testing-only/connect-runtime.ts'
import { plainMails } from '../testing-only/plain-mails.ts'
import { writeHeartbeat } from './heartbeat.ts'
import { eventually } from '../testing-only/eventually.ts'

it('does everything as a role that owns nothing (CFG-07)', async () => {
  const secrets = createRootSecret()
  const owner = await createTestRuntime({ secrets })
  const url = new URL(owner.url)
  url.username = `app_${process.pid}`
  url.password = 'app'
  await owner.orm.em.getConnection().execute(`create role ${url.username} login password 'app'`)
  await owner.orm.em.getConnection().execute('create table mikro_orm_migrations ()')
  await grantToAppRole(owner.orm, owner.url, url.href)
  const app = await connectRuntime({ url: url.href, secrets, logger: owner.runtime.logger })

  // A mail held by a pool that is dead, a sweep and an audit retention that are due.
  const password = 'Tulpen im Regen, 1987'
  await registerUser(app.runtime, createTestCaller(), { email: 'ada@example.com', password })
  await writeHeartbeat(app.runtime, 'pool-dead')
  await owner.rows(sql`update graphile_worker._private_jobs set locked_by = 'pool-dead', locked_at = now()`)
  await app.runtime.orm.em.getConnection().execute(`select graphile_worker.add_job('sigra.sweep')`)
  await app.runtime.orm.em.getConnection().execute(`select graphile_worker.add_job('sigra.audit_retention')`)
  await owner.rows(sql`
    insert into audit_events (id, occurred_at, action, outcome, metadata)
    values (gen_random_uuid(), clock_timestamp() - interval '10 years', 'auth.log_in', 'success', '{}')`)

  // Somebody whose account is to be deleted, with an email that waits, and one who is to be reminded.
  for (const [email, days] of [
    ['due@example.com', -1],
    ['near@example.com', 1],
  ] as const) {
    const user = await createTestUser(owner, { email })
    await askForTestDeletion(owner, user)
    await owner.rows(
      sql`update users set delete_after = now() + ${days} * interval '1 day' where id = ${user.id}`,
    )
  }
  await app.runtime.orm.em.getConnection().execute(`select graphile_worker.add_job('sigra.deletions')`)

  const subjects: string[] = []
  const worker = await runWorker({
    sigra: { edge: app },
    mails: plainMails,
    transport: async ({ subject }) => void subjects.push(subject),
    intervals: { heartbeatMilliseconds: 100, unseenMilliseconds: 500, pollMilliseconds: 100 },
  })
  try {
    await eventually(async () => expect(await owner.rows(sql`select from graphile_worker.jobs`)).toEqual([]))
    expect(subjects.toSorted()).toEqual([
      'accountDeleted of Acme',
      'confirmAddress of Acme',
      'deletionReminder of Acme',
      'deletionScheduled of Acme',
    ])
    expect(await owner.rows(sql`select from users where email_canonical = 'due@example.com'`)).toEqual([])
    expect(owner.logged).toContainEqual({
      level: 'info',
      event: 'deletions.done',
      fields: { reminded: 1, deleted: 1, failed: 0, organizations: { deleted: 0, failed: 0 } },
    })
    expect(owner.logged.map(({ event }) => event)).toContain('sweep.done')
    expect(owner.logged).toContainEqual({
      level: 'info',
      event: 'audit_retention.done',
      fields: { removed: 1 },
    })
  } finally {
    await worker.stop()
    await app.close()
    await owner.close()
  }
})
