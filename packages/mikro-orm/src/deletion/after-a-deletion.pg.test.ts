import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { deliverUserConfirmationInstructions } from '../confirm/deliver-user-confirmation-instructions.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deliverUserLogInInstructions } from '../magic-link/deliver-user-log-in-instructions.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { registerUser } from '../register/register-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestRuntime,
} from '../testing/index.ts'
import { makeDue } from '../testing/test-due-user.ts'
import { deliverMail, readQueue } from '../testing/test-mail.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { testPassword } from '../testing/test-registration.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { runUserDeletions } from './run-user-deletions.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
beforeEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
afterAll(() => test.close())

describe.each(['anonymise', 'hard', 'soft'] as const)(
  'DEL-02: after a deletion by the strategy %s',
  (strategy) => {
    async function createDeletedUser() {
      const user = await createTestUser(test)
      const browser = await signInTestUser(test, user)
      const token = await receiveNotice(test, user)
      await makeDue(test, user, -1)
      const { policy } = test.runtime
      await runUserDeletions({
        ...test.runtime,
        policy: { ...policy, deletion: { ...policy.deletion, strategy } },
      })
      await deliverMail(test)
      return { user, browser, token }
    }

    it('no session, password or link of old is good for anything', async () => {
      const { user, browser, token } = await createDeletedUser()
      expect((await nextRequest(test.runtime, browser)).session).toBeNull()
      expect(await logInUser(test.runtime, createTestCaller(), user)).toMatchObject({
        ok: false,
        reason: 'invalid-credentials',
      })
      expect(await secureUser(test.runtime, createTestCaller(), { token })).toMatchObject({ ok: false })
    })

    it('nothing is emailed, whatever is asked for at its address', async () => {
      const { user } = await createDeletedUser()
      const caller = createTestCaller()
      await deliverUserLogInInstructions(test.runtime, caller, { email: user.email })
      await deliverUserResetPasswordInstructions(test.runtime, caller, { email: user.email })
      await deliverUserConfirmationInstructions(test.runtime, caller, { email: user.email })
      expect(await readQueue(test)).not.toEqual([])
      expect((await deliverMail(test)).sent).toEqual([])
    })

    it('its address registers somebody new, or where it is kept, is answered alike and gives nobody an account', async () => {
      const { user } = await createDeletedUser()
      const registered = await registerUser(test.runtime, createTestCaller(), {
        email: user.email,
        password: testPassword,
      })
      expect(registered).toEqual({ ok: true })
      const { sent } = await deliverMail(test)
      expect(sent.map(({ kind }) => kind)).toEqual(strategy === 'soft' ? [] : ['confirmAddress'])
      const rows = await test.rows<{ id: string }>(sql`
        select id::text as id from users where email_canonical = ${user.canonical} and deleted_at is null`)
      expect(rows).toHaveLength(strategy === 'soft' ? 0 : 1)
      expect(rows.map(({ id }) => id)).not.toContain(user.id)
    })
  },
)
