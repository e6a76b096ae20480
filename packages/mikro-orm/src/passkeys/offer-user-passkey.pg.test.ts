import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirmUser } from '../confirm/confirm-user.ts'
import { sql } from '../database/sql.ts'
import { verifyUserSecondFactor } from '../second-factor/verify-user-second-factor.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  race,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { createFreshBrowser, createPasskeyUser } from '../testing/passkeys/test-passkey.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { registerInBrowser } from '../testing/test-registration.ts'
import { createTotpUser, logInBrowser } from '../testing/test-second-factor.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { offerUserPasskey } from './offer-user-passkey.ts'
import { requirePasskeys } from './require-passkeys.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...cheapHashing, ...generousLimits } })
})
afterAll(() => test.close())

const offer = (browser: TestCaller, { runtime } = test) => offerUserPasskey(runtime, browser)
const offersOf = async ({ id }: { id: string }) =>
  (
    await test.rows(
      sql`select from user_known_browsers where user_id = ${id} and passkey_offered_at is not null`,
    )
  ).length

describe('offerUserPasskey', () => {
  it('offers one after a log-in by password, once per browser', async () => {
    const user = await createTestUser(test)
    const here = await signInTestUser(test, user)
    expect(await offer(here)).toBe(true)
    expect(await offer(here)).toBe(false)
    expect(await offer(await signInTestUser(test, user, here))).toBe(false)
    expect(await offer(await signInTestUser(test, user, createFreshBrowser()))).toBe(true)
    expect(await offersOf(user)).toBe(2)
  })

  it('asks each account of a browser for itself', async () => {
    const browser = createTestCaller()
    const ada = await createTestUser(test)
    const eve = await createTestUser(test)
    expect(await offer(await signInTestUser(test, ada, browser))).toBe(true)
    expect(await offer(await signInTestUser(test, eve, browser))).toBe(true)
  })

  it('counts for the browser the session was opened in, whatever cookie comes along', async () => {
    const ada = await createTestUser(test)
    const there = await signInTestUser(test, ada, createFreshBrowser())
    const here = await signInTestUser(test, ada)
    expect(await offer({ ...here, browserToken: there.browserToken })).toBe(true)
    expect(await offer(there)).toBe(true)
  })

  it('offers none to who has one, in whatever browser', async () => {
    const { user } = await createPasskeyUser(test)
    expect(await offer(await signInTestUser(test, user, createFreshBrowser()))).toBe(false)
    expect(await offersOf(user)).toBe(0)
  })

  it('offers none after confirming, though the password was typed a moment before', async () => {
    const { email, password, browser, token } = await registerInBrowser(test)
    await confirmUser(test.runtime, browser, { token })
    const confirmed = await nextRequest(test.runtime, browser)
    expect(confirmed.session?.amr).toEqual(['email', 'pwd'])
    expect(await offer(confirmed)).toBe(false)
    const user = { ...(await createTestUser(test)), email, password }
    expect(await offer(await signInTestUser(test, user, browser))).toBe(true)
  })

  it('offers none to an address that was never confirmed: it could not be added', async () => {
    const { runtime } = test
    const early = {
      ...test,
      runtime: { ...runtime, policy: { ...runtime.policy, requireConfirmation: false } },
    }
    const user = await createTestUser(test, { confirmed: false })
    expect(await offer(await signInTestUser(early, user), early)).toBe(false)
    expect(await offersOf(user)).toBe(0)
  })

  it('offers none to strangers and to sign-ins that wait', async () => {
    expect(await offer(createTestCaller())).toBe(false)
    const { user } = await createTotpUser(test)
    const pending = await logInBrowser(test, user)
    expect(pending.session?.awaiting).toBe('second-factor')
    expect(await offer(pending)).toBe(false)
  })

  it('offers one after the second step, but not after a backup code in its place', async () => {
    const { user, code, codes } = await createTotpUser(test)
    const byApp = await logInBrowser(test, user)
    await verifyUserSecondFactor(test.runtime, byApp, { code: code() })
    expect(await offer(await nextRequest(test.runtime, byApp))).toBe(true)
    const byBackupCode = await logInBrowser(test, user, createFreshBrowser())
    await verifyUserSecondFactor(test.runtime, byBackupCode, { backupCode: codes[0] })
    expect(await offer(await nextRequest(test.runtime, byBackupCode))).toBe(false)
  })

  it('offers none where adding one would ask again who is there', async () => {
    const browser = await signInTestUser(test, await createTestUser(test))
    test.advance({ minutes: 11 })
    expect(await offer(await nextRequest(test.runtime, browser))).toBe(false)
  })

  it('offers none where the policy says so', async () => {
    const { runtime } = test
    const passkeys = requirePasskeys(runtime)
    const area = { ...passkeys, policy: { ...passkeys.policy, offer: false } }
    const silent = { ...test, runtime: { ...runtime, areas: [area] } }
    const user = await createTestUser(test)
    expect(await offer(await signInTestUser(silent, user), silent)).toBe(false)
    expect(await offersOf(user)).toBe(0)
  })

  it('marks nothing for a session that ended meanwhile', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    await test.rows(sql`delete from user_sessions where user_id = ${user.id}`)
    await expect(offer(browser)).rejects.toThrow(SessionOvertaken)
    expect(await offersOf(user)).toBe(0)
  })

  it('writes no audit line: nothing has changed', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    const before = await readAudit(test, user.email)
    expect(await offer(browser)).toBe(true)
    expect(await readAudit(test, user.email)).toEqual(before)
  })

  it('is made once, however many tabs come at a time', async () => {
    const winners = await race('userKnownBrowser.passkeyOfferedAt', {
      async prepare() {
        const user = await createTestUser(test)
        return { user, browser: await signInTestUser(test, user) }
      },
      attempt: ({ browser }) => offer(browser),
      async invariant({ user }) {
        expect(await offersOf(user)).toBe(1)
      },
    })
    expect(winners).toBe(40)
  })
})
