import { Overloaded } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { confirmUserByCode } from '../confirm/confirm-user-by-code.ts'
import { confirmUserWithNewPassword } from '../confirm/confirm-user-with-new-password.ts'
import { confirmUser } from '../confirm/confirm-user.ts'
import { rejectRegistration } from '../confirm/reject-registration.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestRuntime,
} from '../testing/index.ts'
import type { TestCaller } from '../testing/test-caller.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { registerInBrowser, wrongCode } from '../testing/test-registration.ts'
import { snapshot } from '../testing/test-snapshot.ts'

const newPassword = 'seven herons over the weir'
const otherPassword = 'eight herons over the weir'

/** A form that was prepared, and what is sent when its button is pressed in a browser. */
interface Prepared {
  browser: TestCaller
  press(from: TestCaller): Promise<{ ok: boolean }>
}

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
afterAll(() => test.close())

const forms: Record<string, () => Promise<Prepared>> = {
  async 'confirming by link'() {
    const { browser, token } = await registerInBrowser(test)
    return { browser, press: (from) => confirmUser(test.runtime, from, { token }) }
  },
  async 'confirming by code'() {
    const { browser, email, code } = await registerInBrowser(test)
    return { browser, press: (from) => confirmUserByCode(test.runtime, from, { email, code }) }
  },
  async 'confirming with the password'() {
    const { token, password } = await registerInBrowser(test)
    const browser = createTestCaller()
    return { browser, press: (from) => confirmUser(test.runtime, from, { token, password }) }
  },
  async 'confirming with a new password'() {
    const { token } = await registerInBrowser(test)
    const input = { token, password: newPassword }
    return {
      browser: createTestCaller(),
      press: (from) => confirmUserWithNewPassword(test.runtime, from, input),
    }
  },
  async 'resetting the password'() {
    const { token, browser } = await askForReset()
    const input = { token, password: newPassword }
    return { browser, press: (from) => resetUserPassword(test.runtime, from, input) }
  },
  async '“This wasn’t me”'() {
    const { token, browser } = await askForReset()
    await resetUserPassword(test.runtime, browser, { token, password: newPassword })
    const notice = findMail(await deliverMail(test), 'passwordChanged')
    const notMe = tokenOf(notice.props.notMeUrl)
    return { browser, press: (from) => secureUser(test.runtime, from, { token: notMe }) }
  },
}

async function askForReset() {
  const user = await createTestUser(test)
  const browser = createTestCaller()
  await deliverUserResetPasswordInstructions(test.runtime, browser, user)
  return { user, browser, token: tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl) }
}

describe.each(Object.entries(forms))('%s, pressed again', (_, prepare) => {
  it('TOK-01 is answered as before, three times, and writes nothing more', async () => {
    const { browser, press } = await prepare()
    expect(await press(browser)).toMatchObject({ ok: true })
    await nextRequest(test.runtime, browser) // whoever was signed in by it has come back
    const [before, mails] = [await snapshot(test), await readQueue(test)]
    for (let n = 0; n < 3; n++) expect(await press(browser)).toMatchObject({ ok: true })
    expect(withoutRepeats(await snapshot(test))).toBe(withoutRepeats(before))
    expect(await readQueue(test)).toEqual(mails)
    expect(await press(browser)).toMatchObject({ ok: false })
  })

  it('TOK-01 is refused in another browser, and where the browser has no id', async () => {
    const { browser, press } = await prepare()
    await press(browser)
    expect(await press(createTestCaller())).toMatchObject({ ok: false })
    const nameless = Object.assign(createTestCaller(), { browserToken: null })
    expect(await press(nameless)).toMatchObject({ ok: false })
    expect(await press(browser)).toMatchObject({ ok: true })
  })

  it('TOK-01 is refused after a minute', async () => {
    const { browser, press } = await prepare()
    await press(browser)
    test.advance({ milliseconds: 59_000 })
    expect(await press(browser)).toMatchObject({ ok: true })
    test.advance({ milliseconds: 1001 })
    expect(await press(browser)).toMatchObject({ ok: false })
  })
})

describe('“I didn’t register”, pressed again', () => {
  it('TOK-01 is answered as before, and writes nothing more', async () => {
    const { token } = await registerInBrowser(test)
    const press = () => rejectRegistration(test.runtime, createTestCaller(), { token })
    expect(await press()).toEqual({ ok: true })
    const before = await snapshot(test)
    for (let n = 0; n < 5; n++) expect(await press()).toEqual({ ok: true })
    expect(await snapshot(test)).toBe(before)
  })

  it('TOK-01 is refused for an account that stays, and for a link that is none of ours', async () => {
    const { token, browser } = await registerInBrowser(test)
    await confirmUser(test.runtime, browser, { token })
    for (const typed of [token, `${token.slice(0, -4)}AAAA`, '', null]) {
      expect(await rejectRegistration(test.runtime, browser, { token: typed })).toMatchObject({ ok: false })
    }
  })
})

describe('a form that takes a password, pressed again', () => {
  it('TOK-01 is refused with another password than the one that is stored now', async () => {
    const { token, browser } = await askForReset()
    const press = (password: string) => resetUserPassword(test.runtime, browser, { token, password })
    await press(newPassword)
    expect(await press(otherPassword)).toMatchObject({ ok: false })
    expect(await press(newPassword)).toEqual({ ok: true })
    expect(await press(otherPassword)).toMatchObject({ ok: false }) // the third: a wrong one counts
    expect(await press(newPassword)).toMatchObject({ ok: false })
  })

  it('TOK-01 keeps its repeat when there was no time to compare', async () => {
    const { token, browser } = await askForReset()
    const input = { token, password: newPassword }
    await resetUserPassword(test.runtime, browser, input)
    const hasher = { ...test.runtime.hasher, verify: () => Promise.reject(new Overloaded('busy', 1)) }
    for (let n = 0; n < 4; n++) {
      const busy = await resetUserPassword({ ...test.runtime, hasher }, browser, input)
      expect(busy).toMatchObject({ reason: 'busy' })
    }
    expect(await resetUserPassword(test.runtime, browser, input)).toEqual({ ok: true })
  })

  it('TOK-01 is refused by another form than the one that had the success', async () => {
    const { token, email, code, browser, password } = await registerInBrowser(test)
    expect(await confirmUser(test.runtime, browser, { token })).toMatchObject({ ok: true })
    const other = [
      await confirmUser(test.runtime, browser, { token, password }),
      await confirmUserByCode(test.runtime, browser, { email, code }),
      await confirmUserWithNewPassword(test.runtime, browser, { token, password }),
    ]
    expect(other.map(({ ok }) => ok)).toEqual([false, false, false])
  })

  it('TOK-10 lets nobody guess at a code that was just used', async () => {
    const { email, code, browser } = await registerInBrowser(test)
    await confirmUserByCode(test.runtime, browser, { email, code })
    const wrong = { email, code: wrongCode(code) }
    for (let n = 0; n < 3; n++) {
      expect(await confirmUserByCode(test.runtime, browser, wrong)).toMatchObject({ ok: false })
    }
    expect(await confirmUserByCode(test.runtime, browser, { email, code })).toMatchObject({ ok: false })
  })

  it('TOK-01 signs nobody in who was not', async () => {
    const { token, browser, user } = await askForReset()
    await resetUserPassword(test.runtime, browser, { token, password: newPassword })
    await resetUserPassword(test.runtime, browser, { token, password: newPassword })
    expect(browser.sessionToken).toBeNull()
    const again = { email: user.email, password: newPassword }
    expect(await logInUser(test.runtime, createTestCaller(), again)).toMatchObject({ ok: true })
  })
})

/** A repeat counts itself, and nothing else. */
function withoutRepeats(text: string): string {
  return text.replaceAll(/"repeat_count": ?\d+/g, '')
}
