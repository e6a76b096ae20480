import { encodeBase64Url, sha256 } from '@sigra/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirmUserByCode } from '../confirm/confirm-user-by-code.ts'
import { confirmUserWithNewPassword } from '../confirm/confirm-user-with-new-password.ts'
import { confirmUser } from '../confirm/confirm-user.ts'
import { deliverUserConfirmationInstructions } from '../confirm/deliver-user-confirmation-instructions.ts'
import { rejectRegistration } from '../confirm/reject-registration.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { logOutUser } from '../log-out/log-out-user.ts'
import { attemptMail } from '../testing/attempt-mail.ts'
import { recordMailFailure } from '../mail/record-mail-failure.ts'
import { registerUser } from '../register/register-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { createTestCaller, createTestRuntime, nextRequest, type TestRuntime } from '../testing/index.ts'
import { readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import { snapshot } from '../testing/test-snapshot.ts'

describe('what is stored, queued and logged', () => {
  let test: TestRuntime
  /** Everything that would let someone in. */
  const secrets = new Set<string>()
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())

  const keep = (secret: string) => {
    secrets.add(secret)
    return secret
  }

  /** Prepares what is queued and leaves it in the queue, as a dead-letter would be. */
  async function readMail(): Promise<{ token: string; code: string }> {
    const found = { token: '', code: '' }
    for (const mail of await readQueue(test)) {
      const attempted = await attemptMail(test.runtime, mail)
      if (!('send' in attempted)) continue
      const { props } = attempted.send
      if ('confirmUrl' in props) Object.assign(found, { token: tokenOf(props.confirmUrl), code: props.code })
      if ('minutes' in props && 'resetUrl' in props) found.token = tokenOf(props.resetUrl)
      if ('notMeUrl' in props) keep(tokenOf(props.notMeUrl))
    }
    return { token: keep(found.token), code: keep(found.code) }
  }

  async function liveEveryLife(): Promise<void> {
    const { runtime } = test
    const browser = createTestCaller()
    keep(browser.browserToken)
    const [email, other] = [createTestEmail(), createTestEmail()]
    const password = keep('canary one in a coal mine')
    await registerUser(runtime, browser, { email, password })
    await registerUser(
      runtime,
      browser,
      { email: other, password },
      { inTransaction: () => Promise.reject(new Error('no')) },
    )
    await registerUser(runtime, browser, { email, password })
    const first = await readMail()
    await confirmUserByCode(runtime, createTestCaller(), { email, code: first.code })
    await deliverUserConfirmationInstructions(runtime, browser, { email })
    const second = await readMail()
    await confirmUser(runtime, createTestCaller(), {
      token: second.token,
      password: keep('canary two in a coal mine'),
    })
    await confirmUser(runtime, browser, { token: second.token })
    await confirmUser(runtime, browser, { token: second.token })
    await logInUser(runtime, browser, { email, password: keep('canary three in a coal mine') })
    await logInUser(runtime, browser, { email: keep('canary four typed as an address'), password })
    await logInUser(runtime, browser, { email, password })
    keep(browser.sessionToken ?? '')
    await logOutUser(runtime, await nextRequest(runtime, browser))
    await deliverUserResetPasswordInstructions(runtime, browser, { email })
    const reset = await readMail()
    await resetUserPassword(runtime, browser, { token: reset.token, password: 'short' })
    await resetUserPassword(runtime, browser, {
      token: reset.token,
      password: keep('canary five in a coal mine'),
    })
    await registerUser(runtime, browser, { email: other, password })
    const third = await readMail()
    await confirmUserWithNewPassword(runtime, browser, { token: third.token, password: 'short' })
    await rejectRegistration(runtime, browser, { token: third.token })
    for (const mail of await readQueue(test)) {
      await recordMailFailure(runtime, mail, `550 <${mail.address}> unknown\r\n\u001b[31m`)
    }
    secrets.delete('')
  }

  it('TOK-16 INJ-03 holds no password, token, code or cookie: not in tables, jobs or logs', async () => {
    await liveEveryLife()
    expect(secrets.size).toBeGreaterThan(12)
    const limits = JSON.stringify(await test.rows(sql`select to_jsonb(l) from sigra_limits l`))
    // Instants are full of digits that a code could be.
    const written = `${await snapshot(test)}${limits}${JSON.stringify(test.logged)}`.replaceAll(
      /\.\d{3,6}/g,
      '',
    )
    expect(test.logged.length).toBeGreaterThan(2)
    for (const secret of secrets) {
      expect(written).not.toContain(secret)
      expect(written).not.toContain(Buffer.from(secret).toString('hex'))
    }
  })

  it('SESS-05 holds hashes that are no tokens', async () => {
    const browser = createTestCaller()
    const hash = encodeBase64Url(sha256(browser.browserToken))
    const hashed = [...secrets].map((secret) => encodeBase64Url(sha256(secret)))
    for (const token of [...hashed, hash]) {
      expect(await confirmUser(test.runtime, browser, { token })).toEqual({ ok: false, reason: 'invalid' })
    }
  })

  it('INJ-02 INJ-04 logs a refused mail without its address, on one line', () => {
    const lines = test.logged.filter(({ event }) => event === 'mail.refused')
    expect(lines.length).toBeGreaterThan(0)
    for (const { fields } of lines) {
      expect(fields['detail']).toBe('550 <…> unknown\\u000d\\u000a\\u001b[31m')
    }
  })
})
