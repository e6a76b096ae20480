import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { disableUserTotp } from '../second-factor/disable-user-totp.ts'
import { issueUserBackupCodes } from '../second-factor/issue-user-backup-codes.ts'
import { regenerateUserBackupCodes } from '../second-factor/regenerate-user-backup-codes.ts'
import { requireUserSecondStep } from '../second-factor/require-user-second-step.ts'
import type { Awaiting } from '../sessions/sign-in-steps.ts'
import { changeRequiredPassword } from '../settings/change-required-password.ts'
import { changeUserPassword, setUserPassword } from '../settings/change-user-password.ts'
import { createTestRuntime, createTestUser, type TestCaller, type TestRuntime } from '../testing/index.ts'
import { cheapHashing } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { chargeCredentialChange } from './charge-credential-change.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({
    policy: { ...cheapHashing, limits: { target: { credentialChange: { capacity: 1, perSeconds: 600 } } } },
  })
})
afterEach(() => test.rows(sql`delete from sigra_limits`))
afterAll(() => test.close())

const input = { password: 'another quiet river' }
type Change = (browser: TestCaller) => Promise<unknown>

const changes: Record<string, { change: Change; awaiting?: Awaiting }> = {
  changeUserPassword: { change: (browser) => changeUserPassword(test.runtime, browser, input) },
  setUserPassword: { change: (browser) => setUserPassword(test.runtime, browser, input) },
  changeRequiredPassword: {
    change: (browser) => changeRequiredPassword(test.runtime, browser, input),
    awaiting: 'password-change',
  },
  disableUserTotp: { change: (browser) => disableUserTotp(test.runtime, browser) },
  requireUserSecondStep: {
    change: (browser) => requireUserSecondStep(test.runtime, browser),
  },
  regenerateUserBackupCodes: { change: (browser) => regenerateUserBackupCodes(test.runtime, browser) },
  issueUserBackupCodes: {
    change: (browser) => issueUserBackupCodes(test.runtime, browser),
    awaiting: 'enrolment',
  },
}

describe('one account cannot keep the hash queue full', () => {
  it.each(Object.entries(changes))(
    '%s waits once its user made too many changes, before anything is hashed',
    async (_, { change, awaiting = null }) => {
      const browser = await signInTestUser(test, await createTestUser(test))
      if (browser.session === null) throw new Error('not signed in')
      browser.session = { ...browser.session, awaiting, aal: 2 }
      await chargeCredentialChange(test.runtime, browser, browser.session.userId)
      const before = test.runtime.hasher.calls
      expect(await change(browser)).toEqual({
        ok: false,
        reason: 'limited',
        retryAfterSeconds: expect.any(Number),
      })
      expect(test.runtime.hasher.calls).toBe(before)
    },
  )

  it('leaves everybody else alone', async () => {
    const [one, other] = [
      await signInTestUser(test, await createTestUser(test)),
      await signInTestUser(test, await createTestUser(test)),
    ]
    expect(await changeUserPassword(test.runtime, one, input)).toEqual({ ok: true })
    expect(await changeUserPassword(test.runtime, other, input)).toEqual({ ok: true })
    expect(await changeUserPassword(test.runtime, one, input)).toMatchObject({ reason: 'limited' })
  })
})
