import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirmUserByCode } from '../confirm/confirm-user-by-code.ts'
import { confirmUserWithNewPassword } from '../confirm/confirm-user-with-new-password.ts'
import { confirmUser } from '../confirm/confirm-user.ts'
import { deliverUserConfirmationInstructions } from '../confirm/deliver-user-confirmation-instructions.ts'
import { getUserByConfirmationToken } from '../confirm/get-user-by-confirmation-token.ts'
import { rejectRegistration } from '../confirm/reject-registration.ts'
import { sql } from '../database/sql.ts'
import { getUserByNotMeToken } from '../not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { registerUser } from '../register/register-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import {
  createTestEmail,
  registerInBrowser,
  testPassword as password,
  wrongCode,
} from '../testing/test-registration.ts'

describe('the audit trail of registration, confirmation and reset', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())

  async function resetToken(email: string): Promise<string> {
    await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), { email })
    return tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
  }

  /** Each prepares what it needs and returns the one call whose trail is looked at. */
  type Case = (caller: TestCaller) => Promise<() => Promise<unknown>>

  const cases: [string, Case][] = [
    [
      'auth.register success',
      async (caller) => () => registerUser(test.runtime, caller, { email: createTestEmail(), password }),
    ],
    [
      'auth.register denied',
      async (caller) => {
        const { email } = await createTestUser(test)
        return () => registerUser(test.runtime, caller, { email, password })
      },
    ],
    [
      'auth.register failure',
      async (caller) => () =>
        registerUser(
          test.runtime,
          caller,
          { email: createTestEmail(), password },
          { inTransaction: () => Promise.reject(new Error('no')) },
        ),
    ],
    [
      '',
      async (caller) => () =>
        registerUser(test.runtime, caller, { email: createTestEmail(), password: 'short' }),
    ],
    [
      'auth.confirm_requested success',
      async (caller) => {
        const { email } = await registerInBrowser(test)
        await deliverUserConfirmationInstructions(test.runtime, caller, { email })
        return () => deliverMail(test)
      },
    ],
    [
      'auth.reset_requested success',
      async (caller) => {
        const { email } = await createTestUser(test)
        await deliverUserResetPasswordInstructions(test.runtime, caller, { email })
        return () => deliverMail(test)
      },
    ],
    [
      '',
      async (caller) => {
        await deliverUserResetPasswordInstructions(test.runtime, caller, { email: createTestEmail() })
        return () => deliverMail(test)
      },
    ],
    [
      'auth.confirm success,auth.log_in success',
      async (caller) => {
        const { token } = await registerInBrowser(test, { browser: caller })
        caller.requestId = `${caller.requestId}-confirm`
        return () => confirmUser(test.runtime, caller, { token })
      },
    ],
    [
      'auth.confirm success,auth.log_in success',
      async (caller) => {
        const person = await registerInBrowser(test, { browser: caller })
        caller.requestId = `${caller.requestId}-confirm`
        return () => confirmUserByCode(test.runtime, caller, person)
      },
    ],
    [
      'auth.confirm success',
      async (caller) => {
        const { token } = await registerInBrowser(test)
        return () => confirmUserWithNewPassword(test.runtime, caller, { token, password })
      },
    ],
    [
      'auth.confirm denied',
      async (caller) => {
        const { token } = await registerInBrowser(test)
        return () => rejectRegistration(test.runtime, caller, { token })
      },
    ],
    [
      'auth.confirm failure',
      async (caller) => {
        const { token } = await registerInBrowser(test)
        return () => confirmUser(test.runtime, caller, { token, password: 'not the one' })
      },
    ],
    [
      'auth.confirm failure',
      async (caller) => {
        const person = await registerInBrowser(test)
        return () => confirmUserByCode(test.runtime, caller, { ...person, code: wrongCode(person.code) })
      },
    ],
    [
      'auth.confirm failure',
      async (caller) => {
        const person = await registerInBrowser(test)
        await confirmUser(test.runtime, person.browser, { token: person.token })
        return () => confirmUser(test.runtime, caller, { token: person.token })
      },
    ],
    [
      'auth.not_me success',
      async (caller) => {
        const token = await receiveNotice(test, await createTestUser(test))
        return () => secureUser(test.runtime, caller, { token })
      },
    ],
    [
      'auth.not_me failure',
      async (caller) => {
        const token = await receiveNotice(test, await createTestUser(test))
        await secureUser(test.runtime, createTestCaller(), { token })
        return () => secureUser(test.runtime, caller, { token })
      },
    ],
    [
      '',
      async (caller) => {
        const token = await receiveNotice(test, await createTestUser(test))
        return () => getUserByNotMeToken(test.runtime, caller, token)
      },
    ],
    [
      '',
      async (caller) => {
        const { token } = await registerInBrowser(test)
        return () => getUserByConfirmationToken(test.runtime, caller, token)
      },
    ],
    [
      'auth.reset_completed success',
      async (caller) => {
        const token = await resetToken((await createTestUser(test)).email)
        return () => resetUserPassword(test.runtime, caller, { token, password })
      },
    ],
    [
      'auth.reset_completed failure',
      async (caller) => {
        const token = await resetToken((await createTestUser(test)).email)
        await resetUserPassword(test.runtime, createTestCaller(), { token, password })
        return () => resetUserPassword(test.runtime, caller, { token, password })
      },
    ],
  ]

  it('AUD-04 has exactly one event for each change and each refusal that matters', async () => {
    const written = []
    for (const [, prepare] of cases) {
      const caller = createTestCaller({ clientAddress: '198.51.100.9', userAgent: 'test\u001b[31m' })
      const call = await prepare(caller)
      await call()
      const rows = await test.rows<{ event: string; ip: string; agent: string }>(sql`
        select action || ' ' || outcome as event, ip, user_agent as agent from audit_events
        where request_id = ${caller.requestId}`)
      for (const { ip, agent } of rows) {
        expect({ ip, agent }).toEqual({ ip: '198.51.100.9', agent: 'test\\u001b[31m' })
      }
      written.push(rows.map(({ event }) => event).join())
      await test.rows(sql`delete from graphile_worker._private_jobs`)
    }
    expect(written).toEqual(cases.map(([event]) => event))
  })
})
