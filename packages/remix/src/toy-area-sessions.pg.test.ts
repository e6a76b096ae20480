import { inTransaction, resolveSession, type Sql, sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestUser, recordQueries } from '../../mikro-orm/src/testing/index.ts'
import { type Proof, proveTotp } from '../../mikro-orm/src/door/proof.ts'
import { repeatSignIn } from '../../mikro-orm/src/door/repeat-sign-in.ts'
import { resumeSignIn } from '../../mikro-orm/src/door/resume-sign-in.ts'
import { logInUser } from '../../mikro-orm/src/log-in/log-in-user.ts'
import { continueSession, inSessionTransaction } from '../../mikro-orm/src/sessions/continue-session.ts'
import type { ResolvedSession } from '../../mikro-orm/src/sessions/session.ts'
import { toUserId, type UserId } from '../../mikro-orm/src/user-id.ts'
import { createTestCaller, nextRequest, type TestCaller } from '../../mikro-orm/src/testing/test-caller.ts'
import { sweepExpired } from '../../mikro-orm/src/sweeps/sweep-expired.ts'
import type { TestUser } from '../../mikro-orm/src/testing/test-user.ts'
import { renewTestSession, signInTestUser } from '../../mikro-orm/src/testing/test-session.ts'
import { landingPath, signInPath } from './redirects.ts'
import { createToyApp, type ToyApp } from './testing-only/toy-app.ts'

let app: ToyApp
let base: ToyApp['base']
let test: ToyApp['test']
let runtime: ToyApp['runtime']
let orm: ToyApp['orm']
let sigra: ToyApp['sigra']
let win: ToyApp['win']

beforeAll(async () => {
  app = await createToyApp()
  ;({ base, test, runtime, orm, sigra, win } = app)
})
beforeEach(() => app.base.rows(sql`delete from sigra_limits`)) // all from one address
afterAll(() => app.close())

describe('an area that no file of the library knows', () => {
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
