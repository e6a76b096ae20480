import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { createTestCaller, createTestRuntime, race, type TestRuntime } from '../testing/index.ts'
import {
  answerEnrolment,
  answerLogIn,
  createFreshBrowser,
  createPasskeyUser,
  enrolTestPasskey,
  type PasskeyUser,
} from '../testing/passkeys/test-passkey.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { createTestUser } from '../testing/test-user.ts'
import { addUserPasskey } from './add-user-passkey.ts'
import { createSoftwarePasskey } from '@sigra/core/testing'
import { logInUserByPasskey } from './log-in-user-by-passkey.ts'
import { removeUserPasskey } from './remove-user-passkey.ts'

describe('passkeys under parallel use', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...cheapHashing, ...generousLimits } })
  })
  afterAll(() => test.close())

  it('PK-01: a challenge works once, however often its answer comes', async () => {
    const ada = await createPasskeyUser(test)
    const winners = await race('webauthnSpentChallenge.challengeHash', {
      async prepare() {
        const browser = createFreshBrowser()
        return { browser, response: await answerLogIn(test, browser, ada.passkey) }
      },
      async attempt({ browser, response }) {
        const { browserToken } = browser
        return (await logInUserByPasskey(test.runtime, createTestCaller({ browserToken }), { response })).ok
      },
      async invariant({ browser }, won) {
        expect(won).toBe(1)
        const sessions = await test.rows(sql`
          select from user_sessions where user_id = ${ada.user.id}
            and browser_id = sha256(${browser.browserToken}::text::bytea)`)
        expect(sessions).toHaveLength(1)
      },
    })
    expect(winners).toBe(40)
  })

  it('PK-09: of many uses with one count, each with a challenge of its own, one is let in', async () => {
    const winners = await race('userPasskey.counter', {
      rounds: 20,
      async prepare() {
        const ada = await createPasskeyUser(test, { counts: true })
        const browsers = Array.from({ length: 16 }, () => createFreshBrowser())
        const answers = await Promise.all(
          browsers.map(async (browser) => ({
            browser,
            response: await answerLogIn(test, browser, ada.passkey, { counter: 5 }),
          })),
        )
        return { ada, answers }
      },
      async attempt({ answers }, client) {
        const answer = answers[client]
        if (!answer) return false
        const { browser, response } = answer
        return (await logInUserByPasskey(test.runtime, browser, { response })).ok
      },
      async invariant({ ada }, won) {
        expect(won).toBe(1)
        const [row] = await test.rows(
          sql`select counter::int from user_passkeys where id = ${ada.passkey.id}`,
        )
        expect(row).toEqual({ counter: 5 })
        const alarms = await test.rows(sql`
          select from audit_events where subject_id = ${ada.user.id} and action = 'passkey.counter_regressed'`)
        expect(alarms).toHaveLength(15)
      },
    })
    expect(winners).toBe(20)
  })

  it('PK-15: of the last two passkeys one stays', async () => {
    interface Owner {
      ada: PasskeyUser
      ids: string[]
    }
    const winners = await race<Owner>('userPasskey.credentialId', {
      rounds: 20,
      async prepare() {
        const ada = await createPasskeyUser(test)
        const second = await enrolTestPasskey(test, ada.browser)
        await test.rows(sql`update users set hashed_password = null where id = ${ada.user.id}`)
        return { ada, ids: [ada.passkey.id, second.id] }
      },
      async attempt({ ada, ids }, client) {
        const browser = createTestCaller({
          session: ada.browser.session,
          browserToken: ada.browser.browserToken,
        })
        const removal = { passkeyId: ids[client % 2] }
        return (await removeUserPasskey(test.runtime, browser, removal)).ok
      },
      async invariant({ ada }, won) {
        expect(won).toBe(1)
        expect(await test.rows(sql`select from user_passkeys where user_id = ${ada.user.id}`)).toHaveLength(1)
      },
    })
    expect(winners).toBe(20)
  })

  it('PK-11: one credential has one owner, and an account no more than it may', async () => {
    const key = () => createSoftwarePasskey()
    const owners = await race('userPasskey.credentialId', {
      rounds: 10,
      clients: 8,
      async prepare() {
        const shared = key()
        return Promise.all(
          Array.from({ length: 8 }, async () => {
            const browser = await signInTestUser(test, await createTestUser(test), createFreshBrowser())
            return { browser, response: await answerEnrolment(test, browser, shared) }
          }),
        )
      },
      async attempt(answers, client) {
        const answer = answers[client]
        return answer !== undefined && (await addUserPasskey(test.runtime, answer.browser, answer)).ok
      },
      async invariant(answers, won) {
        expect(won).toBe(1)
        const id = answers[0]?.response.id ?? ''
        const rows = await test.rows(sql`
          select from user_passkeys where credential_id = ${Buffer.from(id, 'base64url')}`)
        expect(rows).toHaveLength(1)
      },
    })
    expect(owners).toBe(10)
    const tenths = await race('userPasskey.credentialId', {
      rounds: 5,
      async prepare() {
        const browser = await signInTestUser(test, await createTestUser(test), createFreshBrowser())
        for (let n = 0; n < 9; n++) await enrolTestPasskey(test, browser)
        const responses = await Promise.all(
          Array.from({ length: 16 }, () => answerEnrolment(test, browser, key())),
        )
        return { browser, responses }
      },
      async attempt({ browser, responses }, client) {
        const { session, browserToken } = browser
        const tab = createTestCaller({ session, browserToken })
        return (await addUserPasskey(test.runtime, tab, { response: responses[client] })).ok
      },
      async invariant({ browser }, won) {
        expect(won).toBe(1)
        const userId = browser.session?.userId
        expect(await test.rows(sql`select from user_passkeys where user_id = ${userId}`)).toHaveLength(10)
      },
    })
    expect(tenths).toBe(5)
  })
})
