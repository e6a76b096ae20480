import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AuditEntry, recordAuditEvent } from '../audit/record-audit-event.ts'
import { knownAreas } from '../areas.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { ImpersonationRefused } from '../flows/refuse-impersonation.ts'
import { getUserByNotMeToken } from '../not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../not-me/secure-user.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  recordQueries,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { countBelongings } from '../testing/test-belongings.ts'
import { insertPasskey } from '../testing/passkeys/insert-passkey.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { readAudit, snapshot } from '../testing/test-snapshot.ts'
import { disputeUserEvent } from './dispute-user-event.ts'
import { listUserActivity, pageOf } from './list-user-activity.ts'

describe.each(['uuid', 'bigint'] as const)('the activity of an account, with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    const limits = { ...generousLimits.limits, target: { ...generousLimits.limits?.target } }
    delete limits.target.dispute
    test = await createTestRuntime({ idType, policy: { limits, ...cheapHashing } })
  })
  afterEach(async () => {
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    test.advance({ milliseconds: -test.runtime.clockOffset() })
  })
  afterAll(() => test.close())

  const list = (browser: TestCaller, before?: unknown) => listUserActivity(test.runtime, browser, { before })
  const dispute = (browser: TestCaller, eventId: unknown) =>
    disputeUserEvent(test.runtime, browser, { eventId })
  const record = (user: TestUser, entry: Partial<AuditEntry> = {}, source = createTestCaller()) =>
    inTransaction(test.runtime, (tx) =>
      recordAuditEvent(tx, source, {
        action: 'auth.password_changed',
        outcome: 'success',
        actorId: user.id,
        subjectId: user.id,
        ...entry,
      }),
    )
  async function signedIn() {
    const user = await createTestUser(test)
    return { user, browser: await signInTestUser(test, user) }
  }

  it('is told with when, from where and what came of it, and with nothing else', async () => {
    const user = await createTestUser(test)
    const at = createTestCaller({
      clientAddress: '198.51.100.9',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
    })
    const browser = await signInTestUser(test, user, at)
    const id = await record(user, { metadata: { reason: 'secret-canary', identifier: 'secret-canary' } }, at)
    await test.rows(sql`alter table audit_events disable trigger user`)
    await test.rows(sql`update audit_events set note = 'secret-canary' where id = ${id}`)
    await test.rows(sql`alter table audit_events enable trigger user`)
    const { events, before } = await list(browser)
    expect(events).toEqual([
      {
        id,
        action: 'auth.password_changed',
        outcome: 'done',
        occurredAt: expect.any(Date),
        actor: 'self',
        browser: { name: 'Firefox', system: 'Linux' },
        address: '198.51.100.9',
        canDispute: true,
      },
      expect.objectContaining({ action: 'auth.log_in', outcome: 'done', canDispute: true }),
    ])
    expect(before).toBeNull()
    expect(JSON.stringify(events)).not.toContain('canary')
  })

  it('shows nobody what is not theirs, by whatever place a page begins at', async () => {
    const [own, other] = [await signedIn(), await signedIn()]
    const foreign = await record(other.user)
    await record(own.user, { subjectId: other.user.id }) // what they did to somebody else is that one's
    await record(own.user, { subjectId: null })
    const { events } = await list(own.browser)
    expect(events.map(({ action }) => action)).toEqual(['auth.log_in'])
    for (const before of [
      foreign,
      'ffffffff-ffff-7fff-bfff-ffffffffffff',
      'x\u0000',
      '',
      '5',
      ['a'],
      {},
      null,
    ]) {
      expect(await list(own.browser, before)).toEqual({ events: [], before: null })
    }
    const { session, ...stranger } = createTestCaller()
    expect(session).toBeNull()
    expect(await listUserActivity(test.runtime, { ...stranger, session })).toEqual({
      events: [],
      before: null,
    })
  })

  it('shows nothing to a sign-in that waits', async () => {
    const user = await createTestUser(test)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const pending = await signInTestUser(test, user)
    expect(pending.session?.awaiting).toBe('password-change')
    expect((await list(pending)).events).toEqual([])
    expect(await dispute(pending, await record(user))).toEqual({ ok: false, reason: 'unknown' })
  })

  it('hides what is the app’s alone and what no catalogue knows, and keeps what areas say that are gone', async () => {
    const { user, browser } = await signedIn()
    await record(user, { action: 'auth.hash_upgraded' })
    await record(user, { action: 'security.rate_limited' })
    const added = await record(user, { action: 'passkey.added' })
    await test.rows(sql`
      insert into audit_events (id, action, outcome, subject_id)
      values (gen_random_uuid(), 'host.secret', 'success', ${user.id}::text)`)
    const runtime = { ...test.runtime, areas: [] }
    const shown = await listUserActivity(runtime, browser)
    expect(shown.events.map(({ action }) => action)).toEqual(['passkey.added', 'auth.log_in'])
    expect(shown.events[0]?.id).toBe(added)
  })

  it('names who else acted as nobody in particular, and hides where they were', async () => {
    const { user, browser } = await signedIn()
    const [admin] = [await createTestUser(test)]
    const principal = {
      kind: 'user' as const,
      userId: admin.id,
      actorId: admin.id,
      effectiveId: user.id,
      organizationId: null,
      scopes: null,
    }
    const staff = createTestCaller({ clientAddress: '192.0.2.77', userAgent: 'Staff Firefox/150.0' })
    await record(user, { action: 'mfa.unblocked' }, { ...staff, principal } as TestCaller)
    await record(user, { action: 'auth.log_in_failed', outcome: 'failure', actorId: null })
    await record(user, { actorId: `${user.id}` })
    await test.rows(sql`
      insert into audit_events (id, action, outcome, subject_id, actor_id, actor_kind, ip)
      values (gen_random_uuid(), 'auth.password_changed', 'success', ${user.id}::text, ${user.id}::text,
        'service-account', '192.0.2.78')`)
    const { events } = await list(browser)
    const seen = events.map(({ action, actor, address }) => [action, actor, address !== null])
    expect(seen.filter(([, actor]) => actor === 'other')).toEqual([
      ['auth.password_changed', 'other', false],
      ['mfa.unblocked', 'other', false],
    ])
    expect(seen).toContainEqual(['auth.log_in_failed', 'unknown', true])
    expect(JSON.stringify(events)).not.toMatch(/192\.0\.2\.7|Staff/)
  })

  it('says of a log-in that waits for a step that it waits, and of what was refused that it was', async () => {
    const { user, browser } = await signedIn()
    await record(user, { action: 'auth.log_in', metadata: { result: 'second-factor-required' } })
    await record(user, { action: 'session.sudo', outcome: 'denied' })
    const { events } = await list(browser)
    expect(events.map(({ action, outcome, canDispute }) => [action, outcome, canDispute])).toEqual([
      ['session.sudo', 'refused', false],
      ['auth.log_in', 'waiting', true],
      ['auth.log_in', 'done', true],
    ])
  })

  it('is read 25 at a time, each line once, also where many happened at one instant', async () => {
    const { user, browser } = await signedIn()
    await test.rows(sql`
      insert into audit_events (id, occurred_at, action, outcome, subject_id)
      select gen_random_uuid(), now() + interval '1 hour' + (n / 30) * interval '1 microsecond', 'auth.log_out', 'success',
        ${user.id}::text
      from generate_series(1, 60) n`)
    const pages = []
    for (let before: string | null | undefined; before !== null;) {
      const page = await list(browser, before)
      pages.push(page.events)
      before = page.before
    }
    expect(pages.map(({ length }) => length)).toEqual([25, 25, 11])
    const all = pages.flat()
    expect(new Set(all.map(({ id }) => id)).size).toBe(61)
    const times = all.map(({ occurredAt }) => occurredAt.getTime())
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  it('costs one statement, which looks at few lines among 100,000, for who has many and for who has few', async () => {
    const [many, few] = [await signedIn(), await signedIn()]
    await test.rows(sql`
      insert into audit_events (id, occurred_at, action, outcome, subject_id)
      select gen_random_uuid(), now() - n * interval '1 second', 'auth.log_out', 'success',
        case when n % 10 = 0 then ${many.user.id}::text when n % 2000 = 1 then ${few.user.id}::text
          else 'somebody' || n % 500 end
      from generate_series(1, 100000) n`)
    await test.rows(sql`analyze audit_events`)
    for (const { user, browser } of [many, few]) {
      const { before: next } = await list(browser)
      if (next === null) throw new Error('one page')
      for (const before of [undefined, next]) {
        expect(await recordQueries(test.orm, () => list(browser, before))).toHaveLength(1)
        const plan = await test.rows<{ 'QUERY PLAN': string }>(
          sql`explain (analyze, costs off, timing off, summary off) ${pageOf(test.runtime, user.id, before)}`,
        )
        const lines = plan.map((line) => line['QUERY PLAN'])
        expect(lines.join('\n')).not.toContain('Seq Scan')
        const passedOver = lines.map((line) => Number(/Rows Removed by Filter: (\d+)/.exec(line)?.[1] ?? 0))
        expect(Math.max(...passedOver)).toBeLessThan(1000)
      }
    }
  })

  describe('disputed', () => {
    it('mails the owner “This wasn’t me” about it, with its facts, and does nothing else', async () => {
      const { user, browser } = await signedIn()
      const place = createTestCaller({ clientAddress: '198.51.100.44' })
      const eventId = await record(user, {}, place)
      const before = await snapshot(test)
      expect(await dispute(browser, eventId)).toEqual({ ok: true })
      expect((await readQueue(test)).map(({ kind, address }) => [kind, address])).toEqual([
        ['disputed', user.canonical],
      ])
      const line = (await readAudit(test, user.email)).find(({ action }) => action === 'security.disputed')
      expect(line).toMatchObject({ outcome: 'success' })
      expect((await countBelongings(test, user)).sessions).toBe(1)
      expect(before).not.toBe(await snapshot(test)) // the line and the job
      const { props } = findMail(await deliverMail(test), 'disputed')
      expect(props.address).toBe('198.51.100.44')
      const token = tokenOf(props.notMeUrl)
      expect(await getUserByNotMeToken(test.runtime, createTestCaller(), token)).toMatchObject({
        action: 'auth.password_changed',
        removes: ['password'],
      })
      expect(await secureUser(test.runtime, createTestCaller(), { token })).toEqual({ ok: true })
      expect((await countBelongings(test, user)).sessions).toBe(0)
    })

    it('EXP-01: is unknown where it is somebody else’s, nobody’s, hidden, refused, or a dispute itself', async () => {
      const [own, other] = [await signedIn(), await signedIn()]
      test.advance({ hours: 0 })
      const unknown = { ok: false, reason: 'unknown' }
      const limitless = {
        ...test.runtime,
        policy: {
          ...test.runtime.policy,
          limits: {
            ...test.runtime.policy.limits,
            target: { ...test.runtime.policy.limits.target, dispute: { capacity: 1000, perSeconds: 1 } },
          },
        },
      }
      const ids = [
        await record(other.user),
        await record(own.user, { subjectId: null }),
        await record(own.user, { action: 'auth.hash_upgraded' }),
        await record(own.user, { outcome: 'failure' }),
        await record(own.user, { action: 'security.disputed', targetId: await record(own.user) }),
        'ffffffff-ffff-7fff-bfff-ffffffffffff',
        'x\u0000',
        '5',
        undefined,
        ['a'],
      ]
      for (const eventId of ids) {
        expect(await disputeUserEvent(limitless, own.browser, { eventId })).toEqual(unknown)
      }
      expect(await readQueue(test)).toEqual([])
    })

    it('mails three times an hour', async () => {
      const { user, browser } = await signedIn()
      const eventId = await record(user)
      for (let time = 0; time < 3; time++) expect(await dispute(browser, eventId)).toEqual({ ok: true })
      expect(await dispute(browser, eventId)).toMatchObject({ ok: false, reason: 'limited' })
      expect(await readQueue(test)).toHaveLength(3)
    })

    it('takes away by its link what was added lately, and no older factor: a session and a mailbox are not enough', async () => {
      const [young, old] = [await signedIn(), await signedIn()]
      const look = async ({ user, browser }: typeof young, daysAgo: number) => {
        const targetId = await insertPasskey(test, user)
        const eventId = await record(user, { action: 'passkey.added', targetId })
        await test.rows(sql`alter table audit_events disable trigger user`)
        await test.rows(sql`
          update audit_events set occurred_at = occurred_at - ${daysAgo} * interval '1 day' where id = ${eventId}`)
        await test.rows(sql`alter table audit_events enable trigger user`)
        await dispute(browser, eventId)
        const token = tokenOf(findMail(await deliverMail(test), 'disputed').props.notMeUrl)
        const page = await getUserByNotMeToken(test.runtime, createTestCaller(), token)
        await secureUser(test.runtime, createTestCaller(), { token })
        return { page, left: (await countBelongings(test, user)).passkeys }
      }
      expect(await look(young, 6)).toMatchObject({ page: { removes: ['password', 'passkey'] }, left: 0 })
      expect(await look(old, 8)).toMatchObject({
        page: { action: 'passkey.added', removes: ['password'] },
        left: 1,
      })
    })

    it('is refused to whoever acts as somebody else, who may read', async () => {
      const { user, browser } = await signedIn()
      const principal = {
        kind: 'user' as const,
        userId: user.id,
        actorId: 'an-admin',
        effectiveId: `${user.id}`,
        organizationId: null,
        scopes: null,
      }
      const acting = { ...browser, principal } as TestCaller & { session: ResolvedSession }
      const [event] = (await list(acting)).events
      expect(event).toBeDefined()
      await expect(dispute(acting, event?.id)).rejects.toThrow(ImpersonationRefused)
      expect(await readQueue(test)).toEqual([])
    })
  })

  it('has a place in the catalogue for every action of every area', () => {
    for (const { auditActions } of knownAreas) {
      for (const { subject } of Object.values(auditActions)) {
        expect(['hidden', 'shown', 'disputable']).toContain(subject)
      }
    }
  })
})
