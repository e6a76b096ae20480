import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirmUserByCode } from '../confirm/confirm-user-by-code.ts'
import { confirmUserWithNewPassword } from '../confirm/confirm-user-with-new-password.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deliverUserLogInInstructions } from '../magic-link/deliver-user-log-in-instructions.ts'
import { logInUserByMagicLink } from '../magic-link/log-in-user-by-magic-link.ts'
import { registerUser } from '../register/register-user.ts'
import type { Runtime } from '../runtime.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import { stepOf } from '../sessions/session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  race,
  RaceLost,
  recordQueries,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { acceptUserDocuments, getUserDocuments } from './accept-user-documents.ts'
import type { Document } from './documents.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

const terms: Document = { name: 'terms', version: '1', url: '/terms', required: false }
const privacy: Document = { name: 'privacy', version: '3', url: 'https://acme.test/privacy', required: false }

/** The same app with these documents. */
const asking = (...documents: Document[]): Runtime => ({ ...test.runtime, documents })

async function logIn(runtime: Runtime, { email, password }: TestUser): Promise<TestCaller> {
  const browser = createTestCaller()
  const result = await logInUser(runtime, browser, { email, password })
  if (!result.ok) throw new Error(result.reason)
  return nextRequest(runtime, browser)
}

const accepted = ({ id }: TestUser) =>
  test.rows<{ key: string }>(sql`
    select document || ':' || version as key from user_consents where user_id = ${id} order by key`)

describe('a log-in where documents are not accepted', () => {
  it('waits for them as its last step, and is in afterwards', async () => {
    const runtime = asking(terms, privacy)
    const user = await createTestUser(test)
    const browser = await logIn(runtime, user)
    expect(browser.session).toMatchObject({ awaiting: 'consent', hasSudo: false })
    expect(await getUserDocuments(runtime, browser)).toEqual([terms, privacy])
    expect(await acceptUserDocuments(runtime, browser, { documents: 'terms:1 privacy:3' })).toMatchObject({
      ok: true,
      outcome: 'signed-in',
    })
    expect((await nextRequest(runtime, browser)).session).toMatchObject({
      awaiting: null,
      mustConsent: false,
    })
    expect(await accepted(user)).toEqual([{ key: 'privacy:3' }, { key: 'terms:1' }])
    const line = (await readAudit(test, user.email)).find(({ action }) => action === 'account.consented')
    expect(line?.metadata).toMatchObject({ documents: 'terms:1 privacy:3' })
    expect((await logIn(runtime, user)).session).toMatchObject({ awaiting: null })
  })

  it.each([
    ['nothing', undefined],
    ['one of two', 'terms:1'],
    ['an older version', 'terms:0 privacy:3'],
    ['a list', ['terms:1', 'privacy:3']],
  ])('takes %s for no consent', async (_, documents) => {
    const runtime = asking(terms, privacy)
    const user = await createTestUser(test)
    const browser = await logIn(runtime, user)
    expect(await acceptUserDocuments(runtime, browser, { documents })).toEqual({
      ok: false,
      reason: 'not-accepted',
    })
    expect(await accepted(user)).toEqual([])
    expect((await nextRequest(runtime, browser)).session).toMatchObject({ awaiting: 'consent' })
  })

  it('EXP-02: takes the version that another tab still shows for no consent to the newest', async () => {
    const user = await createTestUser(test)
    const browser = await logIn(asking(terms), user)
    const newer = asking({ ...terms, version: '2' })
    expect(await acceptUserDocuments(newer, browser, { documents: 'terms:1' })).toMatchObject({
      reason: 'not-accepted',
    })
    expect(await getUserDocuments(newer, browser)).toMatchObject([{ version: '2' }])
  })

  it('EXP-02: lets people on when what the page showed was withdrawn meanwhile', async () => {
    const user = await createTestUser(test)
    const browser = await logIn(asking(terms), user)
    const none = asking()
    expect(await getUserDocuments(none, browser)).toEqual([])
    expect(await acceptUserDocuments(none, browser, { documents: 'terms:1' })).toMatchObject({
      outcome: 'signed-in',
    })
    expect(await accepted(user)).toEqual([])
  })

  it('EXP-02: asks nobody again for a version that comes back and was accepted', async () => {
    const user = await createTestUser(test)
    for (const version of ['1', '2']) {
      const runtime = asking({ ...terms, version })
      const browser = await logIn(runtime, user)
      await acceptUserDocuments(runtime, browser, { documents: `terms:${version}` })
    }
    expect((await logIn(asking(terms), user)).session).toMatchObject({ awaiting: null })
  })

  it('EXP-02: goes on once of two tabs that accept', async () => {
    const runtime = asking(terms)
    const user = await createTestUser(test)
    const browser = await logIn(runtime, user)
    const { session, sessionToken, browserToken } = browser
    const other = createTestCaller({ session, sessionToken, browserToken })
    await acceptUserDocuments(runtime, browser, { documents: 'terms:1' })
    await expect(acceptUserDocuments(runtime, other, { documents: 'terms:1' })).rejects.toThrow(
      SessionOvertaken,
    )
    expect(await accepted(user)).toEqual([{ key: 'terms:1' }])
  })

  it('comes after another password', async () => {
    const user = await createTestUser(test)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    expect((await logIn(asking(terms), user)).session).toMatchObject({ awaiting: 'password-change' })
  })
})

type Accept = (runtime: Runtime, browser: TestCaller) => Promise<boolean>

/** Looks first, and writes then. */
const acceptNaively: Accept = (runtime, { session }) =>
  inTransaction(runtime, async (tx) => {
    const userId = session?.userId
    const kept = await tx.rows(sql`select from user_consents where user_id = ${userId}`)
    if (kept.length > 0) return false
    await tx.rows(sql`
      insert into user_consents (id, user_id, document, version, accepted_at)
      values (gen_random_uuid(), ${userId}, 'terms', '1', now()) on conflict do nothing`)
    return true // and would be audited
  })

describe('a live session', () => {
  it('meets a new version of a required document at its next request, and goes on as it was', async () => {
    const user = await createTestUser(test)
    const browser = await logIn(test.runtime, user)
    const runtime = asking({ ...terms, required: true })
    const { session } = await nextRequest(runtime, browser)
    expect(session).toMatchObject({ awaiting: null, mustConsent: true })
    expect(session && stepOf(session)).toBe('consent')
    expect(await acceptUserDocuments(runtime, browser, { documents: 'terms:1' })).toMatchObject({ ok: true })
    const after = await nextRequest(runtime, browser)
    expect(after.session).toMatchObject({ id: session?.id, mustConsent: false, hasSudo: true })
    expect(after.sessionToken).toBe(browser.sessionToken)
    expect(await acceptUserDocuments(runtime, after, { documents: 'terms:1' })).toMatchObject({
      reason: 'ended',
    })
  })

  it('accepts once, however many of its tabs press at once, and says so once', async () => {
    const runtime = asking({ ...terms, required: true })
    const press = (browser: TestCaller, accept: Accept) => {
      const { session, sessionToken, browserToken } = browser
      return accept(runtime, createTestCaller({ session, sessionToken, browserToken }))
    }
    const raceWith = (accept: Accept, isNaive = false) =>
      race('userConsent.version', {
        rounds: 10,
        clients: 8,
        prepare: async () => {
          const user = await createTestUser(test)
          return { user, browser: await nextRequest(runtime, await logIn(test.runtime, user)) }
        },
        attempt: ({ browser }) => press(browser, accept),
        invariant: async ({ user }) => {
          if (isNaive) return
          expect(await accepted(user)).toEqual([{ key: 'terms:1' }])
          const lines = (await readAudit(test, user.email)).filter(
            ({ action }) => action === 'account.consented',
          )
          expect(lines).toHaveLength(1)
        },
      })
    await raceWith(async (app, browser) => {
      await acceptUserDocuments(app, browser, { documents: 'terms:1' })
      return false
    })
    await expect(raceWith(acceptNaively, true)).rejects.toThrow(RaceLost)
  })

  it('meets none that is not required', async () => {
    const user = await createTestUser(test)
    const browser = await logIn(test.runtime, user)
    expect((await nextRequest(asking(terms), browser)).session).toMatchObject({ mustConsent: false })
  })

  it('is found by one statement, which has no word of consent where no document is required', async () => {
    const user = await createTestUser(test)
    const browser = await logIn(test.runtime, user)
    for (const [runtime, words] of [
      [asking(terms), false],
      [asking({ ...terms, required: true }), true],
    ] as const) {
      const queries = await recordQueries(test.orm, () => nextRequest(runtime, browser))
      expect(queries).toHaveLength(1)
      expect(queries[0]?.includes('user_consents')).toBe(words)
    }
  })
})

describe('registering', () => {
  const input = (email: string, documents: string) => ({
    email,
    documents,
    password: 'seven herons over the weir',
  })

  it('writes with the user what was accepted, and asks for the rest at the first log-in', async () => {
    const runtime = asking(terms, privacy)
    const browser = createTestCaller()
    await registerUser(runtime, browser, input('consents@example.com', 'terms:1 privacy:2'))
    const { code } = findMail(await deliverMail(test), 'confirmAddress').props
    await confirmUserByCode(runtime, browser, { email: 'consents@example.com', code })
    await nextRequest(runtime, browser)
    expect(browser.session).toMatchObject({ awaiting: 'consent' })
    expect(await getUserDocuments(runtime, browser)).toEqual([privacy])
  })

  it('accepts nothing for an owner who comes by a magic link, either', async () => {
    const runtime = asking(terms)
    await registerUser(runtime, createTestCaller(), input('linked@example.com', 'terms:1'))
    await deliverMail(test)
    const browser = createTestCaller()
    await deliverUserLogInInstructions(runtime, browser, { email: 'linked@example.com' })
    const token = tokenOf(findMail(await deliverMail(test), 'magicLink').props.logInUrl)
    expect(await logInUserByMagicLink(runtime, browser, { token })).toMatchObject({
      outcome: 'consent-required',
    })
  })

  it('accepts nothing for the owner of an address that somebody else registered', async () => {
    const runtime = asking(terms)
    await registerUser(runtime, createTestCaller(), input('owner@example.com', 'terms:1'))
    const { props } = findMail(await deliverMail(test), 'confirmAddress')
    const token = tokenOf(props.confirmUrl)
    await confirmUserWithNewPassword(runtime, createTestCaller(), {
      token,
      password: 'nine otters under the bridge',
    })
    expect(
      await test.rows(sql`
        select from user_consents c join users u on u.id = c.user_id where u.email = 'owner@example.com'`),
    ).toEqual([])
  })
})
