import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { identifier as raw, sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import type { Principal } from '../sessions/principal.ts'
import { createTestCaller, createTestRuntime, createTestUser, type TestRuntime } from '../testing/index.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { toUserId } from '../user-id.ts'
import { recordAuditEvent, recordAuditEvents } from './record-audit-event.ts'

/** Somebody signed in. */
const somebody: Principal = {
  kind: 'user',
  userId: toUserId('the-signed-in'),
  actorId: 'the-signed-in',
  effectiveId: null,
  organizationId: null,
  scopes: null,
}

const role = `app_${randomBytes(6).toString('hex')}`

describe('the audit log', () => {
  let test: TestRuntime
  let app: Client
  beforeAll(async () => {
    test = await createTestRuntime()
    for (const grant of [
      sql`create role ${raw(role)} login password 'secret'`,
      sql`grant usage on schema public to ${raw(role)}`,
      sql`grant select, insert, update, delete on users, user_sessions to ${raw(role)}`,
      sql`grant select, insert on audit_events to ${raw(role)}`,
      sql`grant execute on function audit_events_retain(interval, integer) to ${raw(role)}`,
    ]) {
      await test.rows(grant)
    }
    const url = new URL(test.url)
    url.username = role
    url.password = 'secret'
    app = new Client({ connectionString: url.href })
    await app.connect()
  })
  afterAll(async () => {
    await app.end()
    await test.rows(sql`drop owned by ${raw(role)}`)
    await test.rows(sql`drop role ${raw(role)}`)
    await test.close()
  })

  const write = (metadata = {}) =>
    inTransaction(test.runtime, (tx) =>
      recordAuditEvent(tx, createTestCaller(), { action: 'auth.log_out', outcome: 'success', metadata }),
    )
  async function readEvent(id: string) {
    const [row] = await test.rows<Record<string, unknown>>(sql`select * from audit_events where id = ${id}`)
    return row
  }

  describe('AUD-01, CFG-07: the role of the app', () => {
    it('reads and appends', async () => {
      const { rowCount } = await app.query(
        `insert into audit_events (id, action, outcome) values (gen_random_uuid(), 'auth.log_out', 'success')`,
      )
      expect(rowCount).toBe(1)
      expect((await app.query('select id from audit_events')).rowCount).toBeGreaterThan(0)
    })

    it.each(['update audit_events set action = $$x$$', 'delete from audit_events', 'truncate audit_events'])(
      'does no more by its grants: %s',
      async (text) => {
        await expect(app.query(text)).rejects.toThrow(/permission denied/)
      },
    )

    it.each([
      'create table mine ()',
      'drop table users',
      'alter table users add column admin boolean',
      'alter table audit_events disable trigger all',
      'drop trigger audit_append_only on audit_events',
      'create or replace function audit_events_protect() returns trigger language plpgsql as $$begin return old; end$$',
      'create schema mine',
      'set session_replication_role = replica',
      'create table graphile_worker.mine ()',
    ])('cannot change the schema: %s', async (text) => {
      await expect(app.query(text)).rejects.toThrow(/permission denied|must be owner/)
    })
  })

  it.each(['update audit_events set action = $$x$$', 'delete from audit_events', 'truncate audit_events'])(
    'AUD-01: refuses even the owner of the table: %s',
    async (text) => {
      await write()
      await expect(test.orm.em.fork().execute(text)).rejects.toThrow('audit events cannot be changed')
    },
  )

  it('AUD-01: refuses the ORM', async () => {
    const id = await write()
    const em = test.orm.em.fork()
    await expect(em.nativeUpdate(test.entities.AuditEvent, { id }, { action: 'x' })).rejects.toThrow(
      'audit events cannot be changed',
    )
    await expect(em.nativeDelete(test.entities.AuditEvent, { id })).rejects.toThrow(
      'audit events cannot be changed',
    )
  })

  it('AUD-01: retention removes nothing younger than 90 days, whatever it is asked', async () => {
    const young = await write()
    await test.rows(sql`
      insert into audit_events (id, occurred_at, action, outcome)
      select gen_random_uuid(), clock_timestamp() - make_interval(days => days), 'auth.log_out', 'success'
      from unnest(array[89, 91, 400]) as days`)
    const { rows } = await app.query(`select audit_events_retain(interval '0 days', 100) as removed`)
    expect(rows).toEqual([{ removed: 2 }])
    expect(await readEvent(young)).toBeDefined()
    expect(
      await test.rows(
        sql`select from audit_events where occurred_at < clock_timestamp() - interval '89 days'`,
      ),
    ).toHaveLength(1)
  })

  it('AUD-02: takes the change back when its line cannot be written', async () => {
    const user = await createTestUser(test)
    await test.rows(
      sql`alter table audit_events add constraint closed check (action <> 'auth.log_in') not valid`,
    )
    const browser = createTestCaller()
    await expect(
      logInUser(test.runtime, browser, { email: user.email, password: user.password }),
    ).rejects.toThrow(/closed/)
    await test.rows(sql`alter table audit_events drop constraint closed`)
    expect(browser.sessionToken).toBeNull()
    expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
    expect(await test.rows(sql`select from user_known_browsers where user_id = ${user.id}`)).toEqual([])
  })

  it('AUD-03: takes time, address and actor from the server alone', async () => {
    const principal = { ...somebody, organizationId: 'an employer' }
    const caller = createTestCaller({ clientAddress: '2001:db8::7', requestId: 'the request' })
    const before = Date.now()
    const id = await inTransaction(test.runtime, (tx) =>
      recordAuditEvent(
        tx,
        { ...caller, principal },
        { action: 'session.revoked', outcome: 'success', subjectId: 'someone', targetId: 'a session' },
      ),
    )
    const [row] = await test.rows(sql`
      select actor_id, actor_kind, effective_id, organization_id, subject_id, target_id, ip, request_id,
        occurred_at between to_timestamp(${before / 1000 - 5}) and clock_timestamp() as timely
      from audit_events where id = ${id}`)
    expect(row).toEqual({
      actor_id: 'the-signed-in',
      actor_kind: 'user',
      effective_id: null,
      organization_id: null, // never the principal's: an employer would read what people do to their own accounts
      subject_id: 'someone',
      target_id: 'a session',
      ip: '2001:db8::7',
      request_id: 'the request',
      timely: true,
    })
  })

  it('AUD-03: takes no pending session for an actor', async () => {
    const user = await createTestUser(test)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const { session } = await signInTestUser(test, user)
    const id = await inTransaction(test.runtime, (tx) =>
      recordAuditEvent(tx, createTestCaller({ session }), { action: 'auth.log_out', outcome: 'success' }),
    )
    expect(session?.awaiting).toBe('password-change')
    expect(await readEvent(id)).toMatchObject({ actor_id: null, actor_kind: null })
  })

  it('IMP-07: names the human and whom they act as, whoever a flow takes itself to be run by', async () => {
    const principal = { ...somebody, actorId: 'an-admin', effectiveId: 'the-signed-in' }
    const source = { ...createTestCaller(), principal }
    const entry = { action: 'auth.log_out', outcome: 'success' } as const
    const [as, asNamed, asNobody] = await inTransaction(test.runtime, (tx) =>
      recordAuditEvents(tx, source, [
        entry,
        { ...entry, actorId: 'the-signed-in', organizationId: 'theirs' },
        { ...entry, actorId: null },
      ]),
    )
    const both = { actor_id: 'an-admin', actor_kind: 'user', effective_id: 'the-signed-in' }
    expect(await readEvent(String(as))).toMatchObject({ ...both, organization_id: null })
    expect(await readEvent(String(asNamed))).toMatchObject({ ...both, organization_id: 'theirs' })
    expect(await readEvent(String(asNobody))).toMatchObject({ actor_id: null, effective_id: null })
  })

  it('INJ-02: encodes and bounds what a client sends', async () => {
    const userAgent = `line\r\nfake: line \u001b[31mred\u202e ${'x'.repeat(1_000_000)}`
    const id = await inTransaction(test.runtime, (tx) =>
      recordAuditEvent(
        tx,
        { ...createTestCaller({ userAgent }), requestId: 'a\nb' },
        { action: 'auth.log_out', outcome: 'success' },
      ),
    )
    const row = await readEvent(id)
    expect(row).toMatchObject({ request_id: 'a\\u000ab' })
    expect(row?.['user_agent']).toMatch(/^line\\u000d\\u000afake: line \\u001b\[31mred\\u202e x+…$/)
    expect(String(row?.['user_agent']).length).toBeLessThanOrEqual(512)
  })

  it('INJ-03: keeps listed keys of plain values only', async () => {
    const id = await write({
      method: 'password',
      sessions: 2,
      remembered: true,
      password: 'hunter2',
      reason: { nested: 'object' },
      limit: 'x'.repeat(100_000),
    })
    const row = await readEvent(id)
    expect(row?.['metadata']).toEqual({
      method: 'password',
      sessions: 2,
      remembered: true,
      limit: expect.any(String),
    })
    expect(JSON.stringify(row?.['metadata']).length).toBeLessThan(8192)
  })

  it('refuses more than 8 KiB of metadata in the database itself', async () => {
    await expect(
      test.rows(sql`
        insert into audit_events (id, action, outcome, metadata)
        values (gen_random_uuid(), 'x', 'success', jsonb_build_object('k', repeat('x', 9000)))`),
    ).rejects.toThrow(/metadata_check/)
  })

  it('writes several lines of one change in one statement, in order', async () => {
    const ids = await inTransaction(test.runtime, (tx) =>
      recordAuditEvents(tx, createTestCaller(), [
        { action: 'auth.log_in', outcome: 'success' },
        { action: 'auth.hash_upgraded', outcome: 'success' },
      ]),
    )
    expect(await Promise.all(ids.map(readEvent))).toMatchObject([
      { action: 'auth.log_in' },
      { action: 'auth.hash_upgraded' },
    ])
  })
})
