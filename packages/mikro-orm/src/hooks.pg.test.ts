import { parseEmail } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { confirmUserByCode } from './confirm/confirm-user-by-code.ts'
import { confirmUser } from './confirm/confirm-user.ts'
import { sql } from './database/sql.ts'
import type { Hooks } from './hooks.ts'
import { deliverUserLogInInstructions } from './magic-link/deliver-user-log-in-instructions.ts'
import { logInUserByMagicLink } from './magic-link/log-in-user-by-magic-link.ts'
import { secureUser } from './not-me/secure-user.ts'
import { registerUser } from './register/register-user.ts'
import { deliverUserResetPasswordInstructions } from './reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from './reset/reset-user-password.ts'
import { createTestCaller, createTestRuntime, createTestUser, type TestRuntime } from './testing/index.ts'
import { deliverMail, findMail, tokenOf } from './testing/test-mail.ts'
import { receiveNotice } from './testing/test-notice.ts'
import { cheapHashing, generousLimits } from './testing/test-policy.ts'
import {
  createTestEmail,
  isConfirmed,
  registerInBrowser,
  testPassword as password,
} from './testing/test-registration.ts'

const heard: string[] = []
const listening: Hooks = {
  afterRegistered: async (_, { address }) => void heard.push(`registered ${address}`),
  afterConfirmed: async (_, { address }) => void heard.push(`confirmed ${address}`),
  onSecured: async (_, { address }) => void heard.push(`secured ${address}`),
}
const failing: Hooks = {
  afterRegistered: () => Promise.reject(new Error('no room')),
  afterConfirmed: () => Promise.reject(new Error('no room')),
  onSecured: () => Promise.reject(new Error('no room')),
}

let test: TestRuntime
let plain: TestRuntime
beforeAll(async () => {
  plain = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => plain.close())
beforeEach(() => {
  heard.length = 0
  test = { ...plain, runtime: { ...plain.runtime, hooks: [listening] } }
})

const fail = () => ({ ...plain.runtime, hooks: [listening, failing] })
const addressOf = (email: string) => parseEmail(email)?.canonical

describe('what areas do when something happens to an account', () => {
  it('is done once for a new account, also where its owner registers again', async () => {
    const { email, browser } = await registerInBrowser(test)
    await registerUser(test.runtime, browser, { email, password: 'seven herons over the weir' })
    expect(heard).toEqual([`registered ${addressOf(email)}`])
  })

  it('undoes a registration where it fails, and tells the visitor nothing', async () => {
    const email = createTestEmail()
    expect(await registerUser(fail(), createTestCaller(), { email, password })).toEqual({ ok: true })
    expect(await plain.rows(sql`select from users where email = ${email}`)).toEqual([])
    expect(plain.logged.map(({ event }) => event)).toContain('auth.register.undone')
  })

  it.each(['link', 'code', 'magic link', 'reset'] as const)(
    'is done when an address is proven for the first time, by %s',
    async (way) => {
      const { email, token, code, browser } = await registerInBrowser(plain)
      if (way === 'link') await confirmUser(test.runtime, browser, { token })
      if (way === 'code') await confirmUserByCode(test.runtime, browser, { email, code })
      if (way === 'magic link') await byMagicLink(email)
      if (way === 'reset') await byReset(email)
      expect(heard).toEqual([`confirmed ${addressOf(email)}`])
      await byMagicLink(email)
      await byReset(email)
      expect(heard).toHaveLength(1)
    },
  )

  it('undoes the confirmation where it fails: the link stays good', async () => {
    const { email, token, browser } = await registerInBrowser(plain)
    await expect(confirmUser(fail(), browser, { token })).rejects.toThrow('no room')
    expect(await isConfirmed(plain, { email })).toBe(false)
    expect(await confirmUser(test.runtime, browser, { token })).toMatchObject({ ok: true })
    expect(await isConfirmed(plain, { email })).toBe(true)
  })

  it('is done by "This wasn’t me", and undoes it where it fails', async () => {
    const user = await createTestUser(plain)
    const token = await receiveNotice(plain, user)
    await expect(secureUser(fail(), createTestCaller(), { token })).rejects.toThrow('no room')
    heard.length = 0
    expect(await secureUser(test.runtime, createTestCaller(), { token })).toEqual({ ok: true })
    expect(heard).toEqual([`secured ${addressOf(user.email)}`])
  })

  async function byMagicLink(email: string): Promise<void> {
    await deliverUserLogInInstructions(plain.runtime, createTestCaller(), { email })
    const token = tokenOf(findMail(await deliverMail(plain), 'magicLink').props.logInUrl)
    await logInUserByMagicLink(test.runtime, createTestCaller(), { token })
  }

  async function byReset(email: string): Promise<void> {
    await deliverUserResetPasswordInstructions(plain.runtime, createTestCaller(), { email })
    const token = tokenOf(findMail(await deliverMail(plain), 'resetPassword').props.resetUrl)
    await resetUserPassword(test.runtime, createTestCaller(), { token, password })
  }
})
