import { type EntityClass, MikroORM, p } from '@mikro-orm/postgresql'
import { defineEntity } from '@mikro-orm/core'
import { createRootSecret, parseKeyRing } from '@sigra/core'
import {
  inTransaction,
  mailKindsOf,
  openValue,
  parseMailPayload,
  recordAuditEvent,
  resolveSession,
  type Runtime,
  sealSecretsAnew,
  sealValue,
  type Sql,
  sql,
} from '@sigra/mikro-orm'
import { uuidKey } from '@sigra/mikro-orm/schema'
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import {
  createTestRuntime,
  createTestUser,
  recordQueries,
  type TestRuntime,
} from '../../mikro-orm/src/testing/index.ts'
import { knownAreas } from '../../mikro-orm/src/areas.ts'
import { completeSignIn } from '../../mikro-orm/src/door/complete-sign-in.ts'
import { type Proof, proveEmail, proveTotp } from '../../mikro-orm/src/door/proof.ts'
import { repeatSignIn } from '../../mikro-orm/src/door/repeat-sign-in.ts'
import { resumeSignIn } from '../../mikro-orm/src/door/resume-sign-in.ts'
import { logInUser } from '../../mikro-orm/src/log-in/log-in-user.ts'
import { continueSession, inSessionTransaction } from '../../mikro-orm/src/sessions/continue-session.ts'
import type { ResolvedSession } from '../../mikro-orm/src/sessions/session.ts'
import { toUserId, type UserId } from '../../mikro-orm/src/user-id.ts'
import { createTestCaller, nextRequest, type TestCaller } from '../../mikro-orm/src/testing/test-caller.ts'
import { readQueue } from '../../mikro-orm/src/testing/test-mail.ts'
import { makeDue } from '../../mikro-orm/src/testing/test-due-user.ts'
import { receiveNotice } from '../../mikro-orm/src/testing/test-notice.ts'
import { getUserByNotMeToken } from '../../mikro-orm/src/not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../../mikro-orm/src/not-me/secure-user.ts'
import { getUserSecondFactorState } from '../../mikro-orm/src/second-factor/get-user-second-factor-state.ts'
import { runUserDeletions } from '../../mikro-orm/src/deletion/run-user-deletions.ts'
import { sweepExpired } from '../../mikro-orm/src/sweeps/sweep-expired.ts'
import type { TestUser } from '../../mikro-orm/src/testing/test-user.ts'
import { listUserPasskeys } from '../../mikro-orm/src/passkeys/list-user-passkeys.ts'
import { removeUserPasskey } from '../../mikro-orm/src/passkeys/remove-user-passkey.ts'
import { enrolTestPasskey } from '../../mikro-orm/src/testing/passkeys/test-passkey.ts'
import { renewTestSession, signInTestUser } from '../../mikro-orm/src/testing/test-session.ts'
import { landingPath, signInPath } from './redirects.ts'
import { routedPath } from './request/own-route.ts'
import { createSigra, type Sigra } from './sigra.ts'
import type { SigraUser } from './sigra-user.ts'
import { testAreas } from './testing-only/test-areas.ts'
import { toyColumns, trophiesArea } from './testing-only/toy-area.ts'

interface Person extends SigraUser {
  displayName: string | null
}

const [older, newer] = [createRootSecret(), createRootSecret().replace('k1:', 'k2:')]

let base: TestRuntime
let orm: MikroORM
let sigra: Sigra<Person>
let runtime: Runtime
let test: TestRuntime
let handle: ReturnType<typeof trophiesArea>

beforeAll(async () => {
  base = await createTestRuntime()
  const TrophySchema = defineEntity({
    name: 'Trophy',
    tableName: 'user_trophies',
    properties: { id: uuidKey(), user: p.uuid().fieldName('user_id'), ...toyColumns },
  })
  class Trophy extends TrophySchema.class {}
  TrophySchema.setClass(Trophy)
  await base.rows(sql`create table user_trophies (id uuid primary key, user_id uuid not null references users,
    title varchar(64) not null, worn_out boolean not null default false, engraving text,
    won_at timestamptz not null default clock_timestamp())`)
  await base.rows(sql`create table trophy_shelves
    (session_id uuid not null references user_sessions on delete cascade, name text not null)`)
  await base.rows(sql`alter table user_sessions add column motto text`)
  // Its migration widens both.
  await base.rows(sql`alter table user_sessions drop constraint user_sessions_sudo_method_check,
    drop constraint user_sessions_awaiting_check`)
  const entities: EntityClass<object>[] = [...Object.values(base.entities), Trophy]
  orm = await MikroORM.init({ entities, clientUrl: base.url, ensureDatabase: false })
  handle = trophiesArea({ Trophy })
  sigra = createSigra<Person>({
    orm,
    entities: base.entities,
    areas: [handle, ...testAreas(base.entities)],
    origin: 'https://app.test',
    secrets: `${newer},${older}`,
    appName: 'Acme',
    production: false,
    sessionUser: ['displayName'],
    edge: { trustedProxies: 0 },
  })
  runtime = sigra.edge.runtime
  test = { ...base, runtime }
})
beforeEach(() => base.rows(sql`delete from sigra_limits`)) // all from one address
afterAll(async () => {
  await sigra.close()
  await base.close()
})

async function win(userId: string, title = 'Gold'): Promise<string> {
  const [row] = await test.rows<{ id: string }>(sql`
    insert into user_trophies (id, user_id, title) values (gen_random_uuid(), ${userId}, ${title}) returning id::text as id`)
  return row?.id ?? ''
}

const noticeOf = (user: { email: string }, targetId: string): Promise<string> =>
  Reflect.apply(receiveNotice, null, [test, user, 'trophyWon', { action: 'trophy.won', targetId }])

describe('an area that no file of the library knows', () => {
  it('stands behind the areas that the library lists, and needs them', () => {
    expect(runtime.areas.map(({ declaration }) => declaration)).toEqual([...knownAreas, handle.declaration])
  })

  it('has its API, typed by the session’s user of the app', async () => {
    const trophies = sigra.area(handle)
    expectTypeOf(trophies.ofWhom).returns.resolves.toEqualTypeOf<Person | null>()
    expect(await trophies.ofWhom({ request: new Request('https://app.test/') })).toBeNull()
  })

  it('has its route among ours, with their strict rules', () => {
    expect(sigra.edge.settings.ownRoutes.has(routedPath('/Users/settings/trophies.data'))).toBe(true)
  })

  it('has its columns among those that readiness asks for', () => {
    const columns = runtime.areas.flatMap((area) => area.columns)
    expect(columns).toContainEqual({ table: '"user_trophies"', column: 'worn_out' })
  })

  it('has its mail among those an app must have a template for, and its jobs are understood', async () => {
    expect(mailKindsOf(runtime.areas)).toContain('trophyWon')
    expect(mailKindsOf(base.runtime.areas)).not.toContain('trophyWon')
    const user = await createTestUser(test)
    await noticeOf(user, await win(user.id))
    expect(await readQueue(test)).toEqual([])
    const job = { kind: 'trophyWon', keyId: 'k1', selector: 'AAAAAAAAAAAAAAAAAAAAAA' }
    expect(parseMailPayload(job, base.runtime)).toBeNull() // retried: a process that has the area will read it
  })

  it('has its credential among the factors of a person', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    expect(await getUserSecondFactorState(runtime, browser)).toMatchObject({ areaFactors: [] })
    await win(user.id)
    expect(await getUserSecondFactorState(runtime, browser)).toMatchObject({ areaFactors: ['trophy'] })
  })

  it('PK-15: has its credential stand for the last way to sign in, as long as it counts', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    const { id: passkeyId } = await enrolTestPasskey(test, browser)
    await test.rows(sql`update users set hashed_password = null where id = ${user.id}`)
    const isLastWay = async () =>
      (await listUserPasskeys(runtime, browser)).map((passkey) => passkey.isLastWay)
    const remove = () => removeUserPasskey(runtime, browser, { passkeyId })

    await test.rows(sql`update user_trophies set worn_out = true where id = ${await win(user.id)}`)
    await win((await createTestUser(test)).id)
    expect([await isLastWay(), await remove()]).toEqual([[true], { ok: false, reason: 'last-way' }])
    await test.rows(sql`delete from user_trophies where user_id = ${user.id}`)
    await win(user.id)
    expect([await isLastWay(), await remove()]).toEqual([[false], { ok: true }])
  })

  it.each(['anonymise', 'hard', 'soft'] as const)(
    'removes what it keeps when an account is deleted, by %s',
    async (strategy) => {
      const user = await createTestUser(test)
      await win(user.id)
      await makeDue(test, user, -1)
      const { policy } = runtime
      const deletion = { ...policy.deletion, strategy }
      expect(await runUserDeletions({ ...runtime, policy: { ...policy, deletion } })).toMatchObject({
        deleted: 1,
        failed: 0,
      })
      expect(await test.rows(sql`select from user_trophies where user_id = ${user.id}`)).toEqual([])
    },
  )

  it('has its credential taken away by “This wasn’t me”, which says so before', async () => {
    const user = await createTestUser(test)
    const token = await noticeOf(user, await win(user.id))
    await win(user.id)
    expect(await getUserByNotMeToken(runtime, createTestCaller(), token)).toMatchObject({
      removes: ['password', 'trophy'],
      action: 'trophy.won',
    })
    expect(await secureUser(runtime, createTestCaller(), { token })).toEqual({ ok: true })
    expect(await test.rows(sql`select from user_trophies where user_id = ${user.id}`)).toHaveLength(1)
  })

  it('has its rows swept', async () => {
    const user = await createTestUser(test)
    await win(user.id)
    await test.rows(sql`update user_trophies set worn_out = true where user_id = ${user.id}`)
    expect(await sweepExpired(runtime)).toMatchObject({ trophies: 1, challenges: 0 })
  })

  it('has what it sealed moved to the current key, each value bound to its row', async () => {
    const user = await createTestUser(test)
    const [one, other] = [await win(user.id), await win(user.id)]
    const place = runtime.areas.flatMap(({ sealed }) => sealed)[0]
    if (!place) throw new Error('a sealed column')
    const secret = new TextEncoder().encode('for Ada')
    await test.rows(sql`update user_trophies set engraving = ${sealValue(parseKeyRing(older), place, one, secret)}
      where id = ${one}`)
    expect(await sealSecretsAnew(runtime)).toEqual({ sealed: 1, unreadable: 0 })

    const [row] = await test.rows<{ sealed: string }>(
      sql`select engraving as sealed from user_trophies where id = ${one}`,
    )
    const open = (id: string) => openValue(parseKeyRing(newer), place, id, row?.sealed ?? '')
    expect(open(one)).toEqual(secret)
    expect(open(other)).toBeNull()
  })

  it('says in the audit log what its actions may say, and no other action may', async () => {
    const lines = await inTransaction(runtime, async (tx) => {
      const metadata = { medal: 'gold', anything: 'else', method: 'race' }
      const entry = { outcome: 'success', metadata } as const
      return Promise.all([
        Reflect.apply(recordAuditEvent, null, [tx, createTestCaller(), { ...entry, action: 'trophy.won' }]),
        recordAuditEvent(tx, createTestCaller(), { ...entry, action: 'auth.confirm' }),
      ])
    })
    const rows = await test.rows(
      sql`select metadata from audit_events where id::text = any(${lines}) order by action`,
    )
    expect(rows).toEqual([{ metadata: { method: 'race' } }, { metadata: { medal: 'gold', method: 'race' } }])
  })

  it('gives sudo to a sign-in that proved what it asks for, by its name in log and session', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    await inTransaction(runtime, (tx) =>
      Reflect.apply(completeSignIn, null, [
        tx,
        browser,
        proveEmail(toUserId(user.id)),
        { method: 'trophy', remembered: false },
      ]),
    )
    expect((await nextRequest(runtime, browser)).session).toMatchObject({
      hasSudo: true,
      sudoMethod: 'trophy',
    })
    const [line] = await test.rows(sql`select metadata->>'method' as method from audit_events
      where action = 'auth.log_in' and subject_id = ${user.id}`)
    expect(line).toEqual({ method: 'trophy' })
  })

  describe('has its step of signing in', () => {
    it('asked for behind those of accounts, with its page, its time and its rule, until it is done', async () => {
      const user = await createTestUser(test)
      await win(user.id, 'Dusty')
      await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
      const browser = createTestCaller()
      const { email, password } = user
      const logIn = () => logInUser(runtime, browser, { email, password })
      expect(await logIn()).toMatchObject({ outcome: 'password-change-required' })
      await test.rows(sql`update users set must_change_password = false where id = ${user.id}`)
      expect(await logIn()).toMatchObject({ outcome: 'polishing-required' })

      const { session } = await nextRequest(runtime, browser)
      expect(session).toMatchObject({ awaiting: 'polishing', hasSudo: false })
      if (!session) throw new Error('not signed in')
      expect(Math.abs(session.expiresAt.getTime() - session.authenticatedAt.getTime() - 7 * 60_000)).toBe(0)
      expect(signInPath(sigra.edge.settings, session.awaiting, '/')).toBe('/users/settings/trophies')
      const [line] = await test.rows(sql`select metadata->>'result' as result, metadata->>'rule' as rule
        from audit_events where action = 'auth.log_in' and subject_id = ${user.id} order by occurred_at desc limit 1`)
      expect(line).toEqual({ result: 'polishing-required', rule: 'dusty' })

      await test.rows(sql`update user_trophies set worn_out = true where user_id = ${user.id}`)
      expect(await resume(browser, null)).toMatchObject({ outcome: 'signed-in' })
    })

    it('done on a page where nobody lands after signing in', () => {
      expect(landingPath(sigra.edge.settings, '/users/settings/trophies')).toBeNull()
      expect(landingPath(sigra.edge.settings, '/users/settings')).toBe('/users/settings')
    })

    it('never taken for being signed in by a process that has not the area', async () => {
      const user = await createTestUser(test)
      await win(user.id, 'Dusty')
      const browser = createTestCaller()
      await logInUser(runtime, browser, { email: user.email, password: user.password })
      const { session, principal } = await nextRequest(base.runtime, browser)
      expect({ awaiting: session?.awaiting, principal }).toEqual({ awaiting: 'polishing', principal: null })
      const elsewhere = { ...sigra.edge.settings, areas: base.runtime.areas }
      expect(signInPath(elsewhere, session?.awaiting ?? null, '/')).toBe('/users/log-in')
    })
  })

  describe('has its columns of the session', () => {
    it('about what the path names, or what goes without, in one statement either way', async () => {
      const user = await createTestUser(test)
      const { sessionToken } = await signInTestUser(test, user)
      if (!sessionToken) throw new Error('not signed in')
      await win(user.id, 'Gold')
      await win(user.id, 'Silver')
      await win((await createTestUser(test)).id, 'Bronze')
      const facts = async (path?: string | null) => {
        let read: unknown
        const texts = await recordQueries(orm, async () => {
          read = (await resolveSession(runtime, sessionToken, path))?.areas['trophies']
        })
        expect(texts).toHaveLength(1)
        return read
      }
      const motto = `of ${user.email}`
      expect(await facts()).toEqual({ title: 'Gold', motto })
      expect(await facts('/elsewhere')).toEqual({ title: 'Gold', motto })
      expect(await facts('/shelf/silver')).toEqual({ title: 'Silver', motto })
      expect(await facts('/shelf/gold')).toEqual({ title: 'Gold', motto })
      expect(await facts('/shelf/bronze')).toEqual({ title: null, motto })
      expect(await facts(null)).toEqual({ title: 'Gold', motto })
    })

    it('and none where it is not there', async () => {
      const browser = await signInTestUser(test, await createTestUser(test))
      const { session } = await nextRequest(base.runtime, browser)
      expect(Object.keys(session?.areas ?? {})).toEqual(['organizations'])
    })
  })

  describe('keeps what it has beside a session', () => {
    const renewals: Record<string, (browser: TestCaller, userId: UserId) => Promise<unknown>> = {
      'another token, as after a change of password': (browser) => renewTestSession(runtime, browser),
      'another token with sudo': (browser) => renewTestSession(runtime, browser, { sudo: 'password' }),
      'a finished step that is no factor': (browser) => resume(browser, null),
      'a raise by a factor': (browser, userId) => resume(browser, proveTotp(userId)),
      'a sign-in that is answered again': async (browser, userId) => {
        const sessionId = browser.session?.id ?? ''
        await test.rows(sql`update user_sessions set presented_at = null where id::text = ${sessionId}`)
        await inTransaction(runtime, (tx) => repeatSignIn(tx, browser, { userId, sessionId }))
      },
      'a step that leads to the next one, and that one': async (browser, userId) => {
        await test.rows(sql`update users set must_change_password = true where id = ${userId}`)
        expect(await resume(browser, null)).toMatchObject({ outcome: 'password-change-required' })
        expect(await readCompanions(await nextRequest(runtime, browser))).toEqual(kept)
        await test.rows(sql`update users set must_change_password = false where id = ${userId}`)
        await resume(browser, null)
      },
    }
    const kept = { organization: 'acme', shelves: ['hall', 'kitchen'] }

    it.each(Object.entries(renewals))('through %s', async (_, renew) => {
      const [browser, user] = await signInWithCompanions()
      const former = browser.session?.tokenHash
      await renew(browser, toUserId(user.id))
      await nextRequest(runtime, browser)
      expect(browser.session?.awaiting).toBeNull()
      expect(browser.session?.tokenHash).not.toEqual(former)
      expect(await readCompanions(browser)).toEqual(kept)
    })

    it('and to no other: a new sign-in in the same browser begins without', async () => {
      const [browser, user] = await signInWithCompanions()
      await signInTestUser(test, user, browser)
      expect(await readCompanions(browser)).toEqual({ organization: null, shelves: null })
    })

    async function signInWithCompanions(): Promise<[TestCaller, TestUser]> {
      const user = await createTestUser(test)
      const browser = await signInTestUser(test, user)
      const id = browser.session?.id ?? ''
      await test.rows(sql`update user_sessions set active_organization_id = 'acme' where id::text = ${id}`)
      await test.rows(sql`insert into trophy_shelves values (${id}::uuid, 'hall'), (${id}::uuid, 'kitchen')`)
      return [browser, user]
    }
  })

  describe('says which sessions live by which somebody acts as another', () => {
    async function impersonate(): Promise<{
      browser: TestCaller
      session: ResolvedSession
      parked: string
    }> {
      const parked = (await signInTestUser(test, await createTestUser(test))).session?.id ?? ''
      const browser = await signInTestUser(test, await createTestUser(test))
      await test.rows(sql`update user_sessions set impersonator_session_id = ${parked}::uuid
        where id::text = ${browser.session?.id ?? null}`)
      const { session } = await nextRequest(runtime, browser)
      if (!session) throw new Error('alive while the parked one is')
      return { browser, session, parked }
    }
    const mayContinue = async (session: ResolvedSession) =>
      (await inTransaction(runtime, (tx) => continueSession(tx, session))) !== null
    const rowsOf = ({ id }: ResolvedSession) =>
      test.rows(sql`select from user_sessions where id::text = ${id}`)

    it('the same to the request, to whatever goes on as it, and to the sweep', async () => {
      const { browser, session, parked } = await impersonate()
      await test.rows(
        sql`update user_sessions set write_until = now() + interval '1 hour' where id::text = ${session.id}`,
      )
      expect((await nextRequest(runtime, browser)).session).toMatchObject({ mayWrite: true })
      expect(await mayContinue(session)).toBe(true)
      await sweepExpired(runtime)
      expect(await rowsOf(session)).toHaveLength(1)

      await test.rows(sql`update user_sessions set expires_at = now() where id::text = ${parked}`)
      expect((await nextRequest(runtime, browser)).session).toBeNull()
      expect(await mayContinue(session)).toBe(false)
      await sweepExpired(runtime)
      expect(await rowsOf(session)).toHaveLength(0)
    })

    it('to a process that has the area: without it there is no such session', async () => {
      const { browser } = await impersonate()
      expect((await nextRequest(base.runtime, browser)).session).toBeNull()
    })

    it('and lets none go on that may only look, though its time to write ran out after the request had come', async () => {
      const { session } = await impersonate()
      expect(session.mayWrite).toBe(false)
      expect(await mayContinue(session)).toBe(false)
      const write = (until: Sql) =>
        test.rows(sql`update user_sessions set write_until = ${until} where id::text = ${session.id}`)
      await write(sql`now() + interval '1 hour'`)
      expect(await mayContinue(session)).toBe(true)
      await write(sql`now() - interval '1 hour'`)
      expect(await mayContinue(session)).toBe(false)
    })
  })
})

/** The step of a sign-in is done, or its session is raised. */
function resume(browser: TestCaller, factor: Proof | null): Promise<unknown> {
  const { session } = browser
  if (!session) throw new Error('nobody is signed in')
  const going = inSessionTransaction(runtime, session, (tx, own) =>
    resumeSignIn(tx, browser, own, factor, { method: 'enrolment' }),
  )
  return going.finally(() => nextRequest(runtime, browser))
}

async function readCompanions({ session }: TestCaller): Promise<unknown> {
  const [row] = await test.rows(sql`
    select s.active_organization_id as organization,
      (select array_agg(h.name order by h.name) from trophy_shelves h where h.session_id = s.id) as shelves
    from user_sessions s where s.id::text = ${session?.id ?? null}`)
  return row
}
