import { ConfigInvalid, hashSessionToken } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { continueSession, SessionOvertaken } from '../sessions/continue-session.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import type { SudoMethod } from '../sessions/session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  race,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { renewTestSession } from '../testing/test-session.ts'
import { completeSignIn } from './complete-sign-in.ts'
import {
  type Proof,
  proveEmail,
  proveIdentity,
  provePasskey,
  provePassword,
  proveTotp,
  takeSessionProof,
} from './proof.ts'
import type { SignInOptions } from './sign-in.ts'

let test: TestRuntime
let user: TestUser
beforeAll(async () => {
  test = await createTestRuntime()
})
afterAll(() => test.close())
beforeEach(async () => {
  user = await createTestUser(test, { hashedPassword: 'stored' })
})

const open = async (
  browser: TestCaller = createTestCaller(),
  proof: Proof = provePassword(user.id, 'stored'),
  options: Partial<SignInOptions> = {},
) => {
  const result = await inTransaction(test.runtime, (tx) =>
    completeSignIn(tx, browser, proof, { method: 'password', remembered: false, ...options }),
  )
  await nextRequest(test.runtime, browser)
  return result
}
const countSessions = async (awaiting = sql`awaiting is null`) => {
  const [row] = await test.rows<{ count: number }>(
    sql`select count(*)::int as count from user_sessions where user_id = ${user.id} and ${awaiting}`,
  )
  return row?.count
}
const events = async (action: string) =>
  test.rows(sql`select metadata from audit_events where subject_id = ${user.id} and action = ${action}`)

describe('the number of sessions', () => {
  it('stays at 20: the one unused longest ends, and the log says so', async () => {
    const oldest = createTestCaller()
    await open(oldest)
    test.advance({ minutes: 10 })
    for (let n = 0; n < 19; n++) await open()
    expect(await events('session.capped')).toEqual([])
    expect((await nextRequest(test.runtime, oldest)).session).not.toBeNull()
    test.advance({ minutes: 10 })
    const newest = createTestCaller()
    await open(newest)
    expect(await countSessions()).toBe(20)
    expect(newest.session).not.toBeNull()
    expect(await events('session.capped')).toEqual([{ metadata: { sessions: 1 } }])
  })

  it('counts sign-ins that wait apart: they push nobody out', async () => {
    const session = createTestCaller()
    await open(session)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    for (let n = 0; n < 30; n++) await open()
    expect(await countSessions(sql`awaiting is not null`)).toBe(5)
    expect((await nextRequest(test.runtime, session)).session).not.toBeNull()
  })

  it('is kept under a burst', async () => {
    await race('userSession.tokenHash', {
      rounds: 5,
      maxWinners: 16,
      prepare: async () => {
        user = await createTestUser(test, { hashedPassword: 'stored' })
        for (let n = 0; n < 10; n++) await open()
      },
      attempt: async () => (await open()).outcome === 'signed-in',
      invariant: async (_, winners) => {
        expect(winners).toBe(16)
        expect(await countSessions()).toBe(20)
      },
    })
  })
})

describe('a browser the account has never used', () => {
  it('is written down, once, and neither is the first of all', async () => {
    await open()
    expect(await events('security.new_browser')).toEqual([])
    const other = createTestCaller()
    await open(other)
    expect(await events('security.new_browser')).toHaveLength(1)
    await open(other)
    expect(await events('security.new_browser')).toHaveLength(1)
  })

  it('is told to the owner by mail, with a way out, once, and only if it happened', async () => {
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    await open()
    const other = createTestCaller({ clientAddress: '198.51.100.7' })
    await expect(
      inTransaction(test.runtime, async (tx) => {
        const options = { method: 'password', remembered: false } as const
        await completeSignIn(tx, other, provePassword(user.id, 'stored'), options)
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')
    expect(await readQueue(test)).toEqual([])
    await open(other)
    await open(other)
    const { sent } = await deliverMail(test)
    expect(sent).toMatchObject([
      {
        kind: 'newSignIn',
        to: user.email,
        props: { address: '198.51.100.7', notMeUrl: expect.stringContaining('/users/not-me/') },
      },
    ])
  })

  it('SESS-10 is locked out by the link in that mail, with what it came in by', async () => {
    await open()
    const stranger = createTestCaller()
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    await open(stranger)
    const token = tokenOf(findMail(await deliverMail(test), 'newSignIn').props.notMeUrl)
    expect(await secureUser(test.runtime, createTestCaller(), { token })).toEqual({ ok: true })
    expect((await nextRequest(test.runtime, stranger)).session).toBeNull()
    expect(await open(stranger)).toEqual({ outcome: 'refused', reason: 'changed' })
  })

  it('is also one that is not the registering one', async () => {
    await test.rows(sql`update users set registration_browser_hash = sha256('x') where id = ${user.id}`)
    await open()
    expect(await events('security.new_browser')).toHaveLength(1)
  })

  it('is not one that came as far as a pending sign-in', async () => {
    await open()
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    await open()
    expect(await events('security.new_browser')).toEqual([])
  })
})

describe('signing in as sudo', () => {
  it('counts where it was what sudo would ask', async () => {
    const browser = createTestCaller()
    await open(browser)
    expect(browser.session).toMatchObject({ hasSudo: true, sudoMethod: 'password' })
    test.advance({ minutes: 10 })
    expect((await nextRequest(test.runtime, browser)).session?.hasSudo).toBe(false)
    await open(browser, provePasskey(user.id, { userVerified: true }), { method: 'passkey' })
    expect(browser.session).toMatchObject({ hasSudo: true, sudoMethod: 'passkey', aal: 2 })
  })

  it('does not for a mailed link', async () => {
    const browser = createTestCaller()
    await open(browser, proveEmail(user.id), { method: 'magic-link' })
    expect(browser.session).toMatchObject({ hasSudo: false, aal: 1 })
  })
})

describe('takeSessionProof', () => {
  const raise = (browser: TestCaller, factor: Proof | null) =>
    inTransaction(test.runtime, async (tx) => {
      const own = browser.session && (await continueSession(tx, browser.session))
      if (!own) return null
      const { proof, remembered } = await takeSessionProof(tx, own, factor)
      return completeSignIn(tx, browser, proof, { method: 'totp', remembered })
    })

  it('adds a factor to what the session had, and the former token is dead', async () => {
    const browser = createTestCaller()
    await open(browser, undefined, { remembered: true })
    const former = browser.sessionToken
    expect(await raise(browser, proveTotp(user.id))).toMatchObject({ outcome: 'signed-in' })
    await nextRequest(test.runtime, browser)
    expect(browser.session).toMatchObject({ aal: 2, amr: ['pwd', 'otp'], remembered: true })
    expect(former && (await resolveSession(test.runtime, former))).toBeNull()
    expect(await countSessions()).toBe(1)
  })

  it('makes two factors of no two of a kind', async () => {
    const browser = createTestCaller()
    await open(browser)
    await raise(browser, proveEmail(user.id))
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      aal: 1,
      amr: ['pwd', 'email'],
    })
  })

  it('takes nobody else’s factor, and none that only looks like one', async () => {
    const browser = createTestCaller()
    await open(browser)
    const other = await createTestUser(test)
    await expect(raise(browser, proveTotp(other.id))).rejects.toThrow(ConfigInvalid)
    await expect(raise(browser, { ...proveTotp(user.id) })).rejects.toThrow(ConfigInvalid)
    expect(await countSessions()).toBe(1)
  })

  it('works once for a session', async () => {
    await race('userSession.awaiting', {
      prepare: async () => {
        const browser = createTestCaller()
        await test.rows(sql`delete from user_sessions where user_id = ${user.id}`)
        await open(browser)
        return browser
      },
      attempt: async (browser) => (await raise({ ...browser }, proveTotp(user.id))) !== null,
      invariant: async (_, winners) => {
        expect(winners).toBe(1)
        expect(await countSessions()).toBe(1)
      },
    })
  })
})

describe('OA-30: whom another party vouches for', () => {
  const vouched = (mfaAsserted: boolean, stillLinked = sql`true`) =>
    proveIdentity(user.id, { mfaAsserted, stillLinked })
  const sessionOf = async (proof: Proof) => {
    const browser = createTestCaller()
    await open(browser, proof)
    return browser
  }

  it('has one factor and no sudo', async () => {
    const { session } = await sessionOf(vouched(false))
    expect(session).toMatchObject({ aal: 1, amr: ['fed'], hasSudo: false, sudoMethod: null })
  })

  it('has two where the other party saw two, and no sudo all the same, whether or not a challenge applies', async () => {
    const without = await sessionOf(vouched(true))
    expect(without.session).toMatchObject({ aal: 2, amr: ['fed', 'fed-mfa'], hasSudo: false })
    await addTotp()
    const instead = await sessionOf(vouched(true))
    expect(instead.session).toMatchObject({ awaiting: null, hasSudo: false, sudoMethod: null })
  })

  it('is asked for the second factor, and has sudo by it', async () => {
    await addTotp()
    const browser = createTestCaller()
    expect(await open(browser, vouched(false))).toMatchObject({
      outcome: 'second-factor-required',
    })
    await inTransaction(test.runtime, async (tx) => {
      const own = browser.session && (await continueSession(tx, browser.session))
      if (!own) throw new Error('nothing waits')
      const { proof } = await takeSessionProof(tx, own, proveTotp(user.id))
      await completeSignIn(tx, browser, proof, { method: 'totp', remembered: false })
    })
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      aal: 2,
      amr: ['fed', 'otp'],
      hasSudo: true,
      sudoMethod: 'second-factor',
    })
  })

  it('stays outside when what links the two has gone', async () => {
    expect(await open(undefined, vouched(true, sql`false`))).toEqual({
      outcome: 'refused',
      reason: 'changed',
    })
  })

  async function addTotp() {
    await test.rows(sql`
      insert into user_totp (id, user_id, sealed_secret, activated_at, created_at)
      values (gen_random_uuid(), ${user.id}, 'sealed', now(), now())`)
  }
})

describe('renewSession', () => {
  const renew = (browser: TestCaller, sudo?: SudoMethod) =>
    renewTestSession(test.runtime, browser, sudo ? { sudo } : {})

  it('SESS-02: gives another token, and the former one is dead at once', async () => {
    const browser = createTestCaller()
    await open(browser, undefined, { remembered: true })
    const [former, session] = [browser.sessionToken, browser.session]
    test.advance({ days: 1 })
    await renew(browser)
    expect(former && (await resolveSession(test.runtime, former))).toBeNull()
    expect(browser.maxAgeSeconds).toBeLessThanOrEqual(59 * 86_400)
    const tokenHash = browser.sessionToken && hashSessionToken(browser.sessionToken)
    expect((await nextRequest(test.runtime, browser)).session).toEqual({
      ...session,
      tokenHash,
      hasSudo: false,
    })
  })

  it('writes down a sudo, and that a backup code gave it', async () => {
    const browser = createTestCaller()
    await open(browser, proveEmail(user.id))
    await renew(browser, 'recovery')
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      hasSudo: true,
      sudoMethod: 'recovery',
      aal: 1,
    })
    await renew(browser, 'email')
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      hasSudo: true,
      sudoMethod: 'email',
    })
  })

  it('renews nothing that waits, and nothing that has ended', async () => {
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const pending = createTestCaller()
    await open(pending)
    await expect(renew(pending, 'password')).rejects.toThrow(SessionOvertaken)
    const ended = createTestCaller()
    await test.rows(sql`update users set must_change_password = false where id = ${user.id}`)
    await open(ended)
    await test.rows(sql`delete from user_sessions where user_id = ${user.id}`)
    await expect(renew(ended)).rejects.toThrow(SessionOvertaken)
  })
})

describe('the policy of second factors', () => {
  const under = async (secondFactor: 'all' | 'admins', isAdmin: boolean) => {
    const runtime = {
      ...test.runtime,
      policy: { ...test.runtime.policy, secondFactor },
      adminColumn: sql`require_second_step`, // any boolean of the user stands for a host's own
    }
    await test.rows(sql`update users set require_second_step = ${isAdmin} where id = ${user.id}`)
    const { outcome } = await inTransaction(runtime, (tx) =>
      completeSignIn(tx, createTestCaller(), provePassword(user.id, 'stored'), {
        method: 'password',
        remembered: false,
      }),
    )
    return outcome
  }

  it('obliges everybody, or admins alone', async () => {
    expect(await under('all', false)).toBe('second-factor-enrolment-required')
    expect(await under('admins', true)).toBe('second-factor-enrolment-required')
    expect(await under('admins', false)).toBe('signed-in')
  })
})
