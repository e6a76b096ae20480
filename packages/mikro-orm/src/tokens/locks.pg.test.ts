import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirmUserByCode } from '../confirm/confirm-user-by-code.ts'
import { confirmUser } from '../confirm/confirm-user.ts'
import { deliverUserConfirmationInstructions } from '../confirm/deliver-user-confirmation-instructions.ts'
import { rejectRegistration } from '../confirm/reject-registration.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { attemptMail } from '../testing/attempt-mail.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { registerUser } from '../register/register-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { sweepExpired } from '../sweeps/sweep-expired.ts'
import { createTestCaller, createTestRuntime, type TestRuntime } from '../testing/index.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { registerInBrowser, testPassword, wrongCode } from '../testing/test-registration.ts'

describe('everything that can happen to an account at once', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ poolSize: 30, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())

  it('takes its locks in one order: nothing is a deadlock', async () => {
    const { runtime } = test
    for (let round = 0; round < 15; round++) {
      const person = await registerInBrowser(test)
      const { browser, email, code, token, password } = person
      await deliverUserResetPasswordInstructions(runtime, browser, person)
      const reset = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
      const notMe = await receiveNotice(test, person)
      for (let i = 0; i < 4; i++) {
        await deliverUserResetPasswordInstructions(runtime, browser, person)
        await deliverUserConfirmationInstructions(runtime, browser, person)
      }
      const mails = await readQueue(test)
      const results = await Promise.allSettled([
        ...mails.map((mail) => attemptMail(runtime, mail)),
        confirmUser(runtime, browser, { token }),
        confirmUser(runtime, createTestCaller(), { token, password }),
        confirmUserByCode(runtime, browser, { email, code }),
        confirmUserByCode(runtime, browser, { email, code: wrongCode(code) }),
        resetUserPassword(runtime, createTestCaller(), { token: reset, password: testPassword }),
        secureUser(runtime, createTestCaller(), { token: notMe }),
        registerUser(runtime, createTestCaller(), person),
        ...(round % 3 === 0 ? [rejectRegistration(runtime, browser, { token })] : []),
        logInUser(runtime, browser, person),
        logInUser(runtime, browser, person),
        sweepExpired(runtime),
      ])
      const thrown = results.flatMap((result) =>
        result.status === 'rejected' ? [String(result.reason)] : [],
      )
      expect(thrown).toEqual([])
      await test.rows(sql`delete from graphile_worker._private_jobs`)
    }
  })
})
