import { createRootSecret } from '@sigra/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { verifyUserSecondFactor } from '../second-factor/verify-user-second-factor.ts'
import { createTestCaller, createTestRuntime, type TestCaller, type TestRuntime } from '../testing/index.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { configureTestAreas } from '../testing/test-areas.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { advanceToNextStep, createTotpUser, logInBrowser } from '../testing/test-second-factor.ts'
import { sealSecretsAnew } from './seal-anew.ts'

const [first, second] = [createRootSecret(), createRootSecret().replace('k1:', 'k2:')]

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ secrets: first, policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

/** Another process of the same app, with the keys its deployment gave it. */
function processWith(secrets: string): Runtime {
  const { orm, entities, runtime } = test
  return createRuntime({
    orm,
    entities,
    areas: configureTestAreas(entities),
    origin: 'https://app.test',
    secrets,
    appName: 'Acme',
    production: false,
    policy: { ...generousLimits, ...cheapHashing },
    dangerouslyWeakPolicy: true,
    clockOffset: () => runtime.clockOffset(),
  })
}

describe('changing the key', () => {
  it('CFG-06: shuts nobody out while two deployments run beside each other, and frees the old key at the end', async () => {
    const person = await createTotpUser(test)
    const newer = processWith(`${second},${first}`) // moved first; the older deployment lists it last already
    const older = processWith(`${first},${second}`)
    const pass = async (runtime: Runtime): Promise<boolean> => {
      const browser: TestCaller = await logInBrowser(test, person.user)
      const { ok } = await verifyUserSecondFactor(runtime, browser, { code: person.code() })
      advanceToNextStep(test)
      return ok
    }
    expect([await pass(older), await pass(newer)]).toEqual([true, true])

    // A link that the newer one asked for works at the older one.
    await deliverUserResetPasswordInstructions(newer, createTestCaller(), { email: person.user.email })
    const mailbox = await deliverMail({ ...test, runtime: older })
    const token = tokenOf(findMail(mailbox, 'resetPassword').props.resetUrl)
    const password = 'a lonely lighthouse keeper'
    expect(await resetUserPassword(older, createTestCaller(), { token, password })).toEqual({ ok: true })
    person.user.password = password

    expect(await sealSecretsAnew(newer)).toEqual({ sealed: 1, unreadable: 0 })
    expect(await sealSecretsAnew(newer)).toEqual({ sealed: 0, unreadable: 0 })
    expect([await pass(older), await pass(newer)]).toEqual([true, true])
    expect(await pass(processWith(second))).toBe(true) // without the old key
    expect(await pass(processWith(first))).toBe(false) // an unknown key fails closed
  })

  it('leaves what it cannot read, and says so', async () => {
    const person = await createTotpUser(test)
    const stored = () => test.rows(sql`select sealed_secret from user_totp where user_id = ${person.user.id}`)
    const before = await stored()
    const stranger = processWith(createRootSecret().replace('k1:', 'k9:'))
    expect(await sealSecretsAnew(stranger)).toMatchObject({ sealed: 0 })
    expect(await stored()).toEqual(before)
  })
})
