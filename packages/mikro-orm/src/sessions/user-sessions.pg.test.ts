import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { hashBrowserToken } from './browser-token.ts'
import { listUserSessions } from './list-user-sessions.ts'
import { revokeAllUserSessions, revokeOtherUserSessions, revokeUserSession } from './revoke-user-sessions.ts'

describe.each(['uuid', 'bigint'] as const)('a user’s sessions with %s keys', (idType) => {
  let test: TestRuntime
  let user: TestUser
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: generousLimits })
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    user = await createTestUser(test)
  })

  const signIn = (from: Partial<TestCaller> = {}) => signInTestUser(test, user, createTestCaller(from))
  const list = (browser: TestCaller) => listUserSessions(test.runtime, browser)
  const isAlive = async (browser: TestCaller) => (await nextRequest(test.runtime, browser)).session !== null
  const revoke = (browser: TestCaller, sessionId: unknown) =>
    revokeUserSession(test.runtime, browser, { sessionId })

  it('are listed in words, this one first', async () => {
    await signIn({
      userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0',
      clientAddress: '203.0.113.4',
    })
    const here = await signIn()
    expect(await list(here)).toEqual([
      expect.objectContaining({ id: here.session?.id, isCurrent: true, address: '192.0.2.1' }),
      {
        id: expect.any(String),
        browser: { name: 'Firefox', system: 'Windows' },
        address: '203.0.113.4',
        firstSeenAt: expect.any(Date),
        lastSeenAt: expect.any(Date),
        isCurrent: false,
      },
    ])
  })

  it('are the living ones only, and nobody else’s', async () => {
    const idle = await signIn()
    test.advance({ hours: 25 })
    const here = await signIn()
    const other = await createTestUser(test)
    await signInTestUser(test, other)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    await signIn()
    expect((await list(here)).map(({ id }) => id)).toEqual([here.session?.id])
    expect(await isAlive(idle)).toBe(false)
    expect(await list(createTestCaller())).toEqual([])
  })

  it('end one by one', async () => {
    const [here, there] = [await signIn(), await signIn()]
    expect(await revoke(here, there.session?.id)).toEqual({ ok: true, isCurrent: false })
    expect([await isAlive(here), await isAlive(there)]).toEqual([true, false])
    expect(await revoke(here, there.session?.id)).toEqual({ ok: false, reason: 'unknown' })
    expect(
      await test.rows(sql`
      select action, outcome from audit_events where subject_id = ${user.id} and action like 'session.%'`),
    ).toEqual([{ action: 'session.revoked', outcome: 'success' }])
  })

  it('take the cookie along when it is this one', async () => {
    const here = await signIn()
    expect(await revoke(here, here.session?.id)).toEqual({ ok: true, isCurrent: true })
    expect(here).toMatchObject({ cleared: 1, sessionToken: null })
  })

  it('SESS-14: of somebody else are unknown', async () => {
    const here = await signIn()
    const victim = await signInTestUser(test, await createTestUser(test))
    for (const id of [victim.session?.id, '', 'x', '\0', "' or true --", null, 7, ['1'], undefined]) {
      expect(await revoke(here, id)).toEqual({ ok: false, reason: 'unknown' })
    }
    expect(await isAlive(victim)).toBe(true)
  })

  it('SESS-14 TB-03: take along what their browser may, and leave the others theirs', async () => {
    const [here, there, third] = [await signIn(), await signIn(), await signIn()]
    await test.rows(sql`
      update user_known_browsers set trusted_until = now() + interval '1 day', trust_hash = sha256('x')
      where user_id = ${user.id}`)
    const known = async () =>
      (
        await test.rows<{ hash: Buffer }>(sql`
          select browser_hash as hash from user_known_browsers where user_id = ${user.id} and trusted_until is not null`)
      ).map(({ hash }) => hash.toString('hex'))
    const hashOf = ({ browserToken }: TestCaller) =>
      Buffer.from(hashBrowserToken(browserToken)).toString('hex')
    expect(await known()).toHaveLength(3)
    await revoke(here, there.session?.id)
    expect((await known()).toSorted()).toEqual([hashOf(here), hashOf(third)].toSorted())
  })

  it('are ended by nobody whose own session was ended a moment ago', async () => {
    const [owner, thief] = [await signIn(), await signIn()]
    await revoke(owner, thief.session?.id)
    await expect(revoke(thief, owner.session?.id)).rejects.toThrow(SessionOvertaken)
    await expect(revokeOtherUserSessions(test.runtime, thief)).rejects.toThrow(SessionOvertaken)
    expect(await isAlive(owner)).toBe(true)
  })

  it('end all but this one, with every trust', async () => {
    const [here, there] = [await signIn(), await signIn()]
    await test.rows(sql`
      update user_known_browsers set trusted_until = now() + interval '1 day', trust_hash = sha256('x')
      where user_id = ${user.id}`)
    expect(await revokeOtherUserSessions(test.runtime, here)).toBe(1)
    expect([await isAlive(here), await isAlive(there)]).toEqual([true, false])
    expect(
      await test.rows(sql`
      select from user_known_browsers where user_id = ${user.id} and trusted_until is not null`),
    ).toEqual([])
    expect(await test.rows(sql`select from user_known_browsers where user_id = ${user.id}`)).toHaveLength(1)
  })

  it('end everywhere, this one too', async () => {
    const [here, there] = [await signIn(), await signIn()]
    expect(await revokeAllUserSessions(test.runtime, here)).toBe(2)
    expect([await isAlive(here), await isAlive(there)]).toEqual([false, false])
    expect(here.cleared).toBe(1)
  })

  it('SUDO-01: end for nobody without a fresh sudo', async () => {
    const here = await signIn()
    test.advance({ minutes: 10 })
    await nextRequest(test.runtime, here)
    await expect(revoke(here, here.session?.id)).rejects.toThrow(SudoRequired)
    await expect(revokeOtherUserSessions(test.runtime, here)).rejects.toThrow(SudoRequired)
    await expect(revokeAllUserSessions(test.runtime, createTestCaller())).rejects.toThrow(SudoRequired)
    expect(await isAlive(here)).toBe(true)
  })
})
