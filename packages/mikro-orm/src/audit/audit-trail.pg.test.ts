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
  createTestContext,
  createTestRuntime,
  createTestUser,
  type TestContext,
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
    await deliverUserResetPasswordInstructions(test.runtime, createTestContext(), { email })
    return tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
  }

  /** Each prepares what it needs and returns the one call whose trail is looked at. */
  type Case = (ctx: TestContext) => Promise<() => Promise<unknown>>

  const cases: [string, Case][] = [
    [
      'auth.register success',
      async (ctx) => () => registerUser(test.runtime, ctx, { email: createTestEmail(), password }),
    ],
    [
      'auth.register denied',
      async (ctx) => {
        const { email } = await createTestUser(test)
        return () => registerUser(test.runtime, ctx, { email, password })
      },
    ],
    [
      'auth.register failure',
      async (ctx) => () =>
        registerUser(
          test.runtime,
          ctx,
          { email: createTestEmail(), password },
          { inTransaction: () => Promise.reject(new Error('no')) },
        ),
    ],
    [
      '',
      async (ctx) => () => registerUser(test.runtime, ctx, { email: createTestEmail(), password: 'short' }),
    ],
    [
      'auth.confirm_requested success',
      async (ctx) => {
        const { email } = await registerInBrowser(test)
        await deliverUserConfirmationInstructions(test.runtime, ctx, { email })
        return () => deliverMail(test)
      },
    ],
    [
      'auth.reset_requested success',
      async (ctx) => {
        const { email } = await createTestUser(test)
        await deliverUserResetPasswordInstructions(test.runtime, ctx, { email })
        return () => deliverMail(test)
      },
    ],
    [
      '',
      async (ctx) => {
        await deliverUserResetPasswordInstructions(test.runtime, ctx, { email: createTestEmail() })
        return () => deliverMail(test)
      },
    ],
    [
      'auth.confirm success,auth.log_in success',
      async (ctx) => {
        const { token } = await registerInBrowser(test, { browser: ctx })
        ctx.requestId = `${ctx.requestId}-confirm`
        return () => confirmUser(test.runtime, ctx, { token })
      },
    ],
    [
      'auth.confirm success,auth.log_in success',
      async (ctx) => {
        const person = await registerInBrowser(test, { browser: ctx })
        ctx.requestId = `${ctx.requestId}-confirm`
        return () => confirmUserByCode(test.runtime, ctx, person)
      },
    ],
    [
      'auth.confirm success',
      async (ctx) => {
        const { token } = await registerInBrowser(test)
        return () => confirmUserWithNewPassword(test.runtime, ctx, { token, password })
      },
    ],
    [
      'auth.confirm denied',
      async (ctx) => {
        const { token } = await registerInBrowser(test)
        return () => rejectRegistration(test.runtime, ctx, { token })
      },
    ],
    [
      'auth.confirm failure',
      async (ctx) => {
        const { token } = await registerInBrowser(test)
        return () => confirmUser(test.runtime, ctx, { token, password: 'not the one' })
      },
    ],
    [
      'auth.confirm failure',
      async (ctx) => {
        const person = await registerInBrowser(test)
        return () => confirmUserByCode(test.runtime, ctx, { ...person, code: wrongCode(person.code) })
      },
    ],
    [
      'auth.confirm failure',
      async (ctx) => {
        const person = await registerInBrowser(test)
        await confirmUser(test.runtime, person.browser, { token: person.token })
        return () => confirmUser(test.runtime, ctx, { token: person.token })
      },
    ],
    [
      'auth.not_me success',
      async (ctx) => {
        const token = await receiveNotice(test, await createTestUser(test))
        return () => secureUser(test.runtime, ctx, { token })
      },
    ],
    [
      'auth.not_me failure',
      async (ctx) => {
        const token = await receiveNotice(test, await createTestUser(test))
        await secureUser(test.runtime, createTestContext(), { token })
        return () => secureUser(test.runtime, ctx, { token })
      },
    ],
    [
      '',
      async (ctx) => {
        const token = await receiveNotice(test, await createTestUser(test))
        return () => getUserByNotMeToken(test.runtime, ctx, token)
      },
    ],
    [
      '',
      async (ctx) => {
        const { token } = await registerInBrowser(test)
        return () => getUserByConfirmationToken(test.runtime, ctx, token)
      },
    ],
    [
      'auth.reset_completed success',
      async (ctx) => {
        const token = await resetToken((await createTestUser(test)).email)
        return () => resetUserPassword(test.runtime, ctx, { token, password })
      },
    ],
    [
      'auth.reset_completed failure',
      async (ctx) => {
        const token = await resetToken((await createTestUser(test)).email)
        await resetUserPassword(test.runtime, createTestContext(), { token, password })
        return () => resetUserPassword(test.runtime, ctx, { token, password })
      },
    ],
  ]

  it('AUD-04 has exactly one event for each change and each refusal that matters', async () => {
    const written = []
    for (const [, prepare] of cases) {
      const ctx = createTestContext({ clientAddress: '198.51.100.9', userAgent: 'test\u001b[31m' })
      const call = await prepare(ctx)
      await call()
      const rows = await test.rows<{ event: string; ip: string; agent: string }>(sql`
        select action || ' ' || outcome as event, ip, user_agent as agent from audit_events
        where request_id = ${ctx.requestId}`)
      for (const { ip, agent } of rows) {
        expect({ ip, agent }).toEqual({ ip: '198.51.100.9', agent: 'test\\u001b[31m' })
      }
      written.push(rows.map(({ event }) => event).join())
      await test.rows(sql`delete from graphile_worker._private_jobs`)
    }
    expect(written).toEqual(cases.map(([event]) => event))
  })
})
