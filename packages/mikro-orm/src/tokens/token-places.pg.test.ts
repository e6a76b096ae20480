import {
  createRootSecret,
  createSelector,
  decodeCanonical,
  deriveMailedToken,
  encodeBase64Url,
  parseKeyRing,
  parseMailedToken,
  type TokenPurpose,
} from '@sigra/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirmUserWithNewPassword } from '../confirm/confirm-user-with-new-password.ts'
import { confirmUser } from '../confirm/confirm-user.ts'
import { getUserByConfirmationToken } from '../confirm/get-user-by-confirmation-token.ts'
import { rejectRegistration } from '../confirm/reject-registration.ts'
import { sql } from '../database/sql.ts'
import { getUserByNotMeToken } from '../not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { getUserByResetPasswordToken } from '../reset/get-user-by-reset-password-token.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { createTestCaller, createTestRuntime, recordQueries, type TestRuntime } from '../testing/index.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import {
  registerInBrowser,
  testPassword as password,
  type TestRegistration,
} from '../testing/test-registration.ts'
import { snapshot } from '../testing/test-snapshot.ts'

const purposes: TokenPurpose[] = ['confirm', 'magic-link', 'reset-password', 'change-email', 'not-me']

const oldSecret = createRootSecret()

describe('every place that takes a mailed token', () => {
  let test: TestRuntime
  let person: TestRegistration
  let resetToken: string
  let notMeToken: string
  beforeAll(async () => {
    test = await createTestRuntime({ secrets: oldSecret, policy: { ...generousLimits, ...cheapHashing } })
    person = await registerInBrowser(test)
    await deliverUserResetPasswordInstructions(test.runtime, person.browser, person)
    resetToken = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
    notMeToken = await receiveNotice(test, person)
  })
  afterAll(() => test.close())

  const places: Record<
    string,
    { purpose: TokenPurpose; use(token: unknown): Promise<unknown>; refusal: unknown }
  > = {
    getUserByConfirmationToken: {
      purpose: 'confirm',
      use: (token) => getUserByConfirmationToken(test.runtime, person.browser, token),
      refusal: null,
    },
    confirmUser: {
      purpose: 'confirm',
      use: (token) => confirmUser(test.runtime, person.browser, { token }),
      refusal: { ok: false, reason: 'invalid' },
    },
    'confirmUser with a password': {
      purpose: 'confirm',
      use: (token) => confirmUser(test.runtime, createTestCaller(), { token, password }),
      refusal: { ok: false, reason: 'invalid' },
    },
    confirmUserWithNewPassword: {
      purpose: 'confirm',
      use: (token) => confirmUserWithNewPassword(test.runtime, person.browser, { token, password }),
      refusal: { ok: false, reason: 'invalid-token' },
    },
    rejectRegistration: {
      purpose: 'confirm',
      use: (token) => rejectRegistration(test.runtime, person.browser, { token }),
      refusal: { ok: false, reason: 'invalid' },
    },
    getUserByResetPasswordToken: {
      purpose: 'reset-password',
      use: (token) => getUserByResetPasswordToken(test.runtime, person.browser, token),
      refusal: null,
    },
    resetUserPassword: {
      purpose: 'reset-password',
      use: (token) => resetUserPassword(test.runtime, person.browser, { token, password }),
      refusal: { ok: false, reason: 'invalid-token' },
    },
    getUserByNotMeToken: {
      purpose: 'not-me',
      use: (token) => getUserByNotMeToken(test.runtime, person.browser, token),
      refusal: null,
    },
    secureUser: {
      purpose: 'not-me',
      use: (token) => secureUser(test.runtime, person.browser, { token }),
      refusal: { ok: false, reason: 'invalid-token' },
    },
  }

  function tokenFor(purpose: TokenPurpose): string {
    if (purpose === 'confirm') return person.token
    return purpose === 'not-me' ? notMeToken : resetToken
  }

  function expectUntouched(use: (token: unknown) => Promise<unknown>, token: unknown, refusal: unknown) {
    return recordQueries(test.orm, async () => {
      expect(await use(token)).toEqual(refusal)
    }).then((queries) => expect(queries).toEqual([]))
  }

  it('refuses, without a query, what was never a token of ours', async () => {
    const before = await snapshot(test)
    for (const { purpose, use, refusal } of Object.values(places)) {
      const token = tokenFor(purpose)
      const tampered = Array.from({ length: 16 }, (_, i) => {
        const bytes = decodeCanonical(token) ?? new Uint8Array(0)
        const at = Math.floor((i * bytes.length) / 16)
        bytes[at] = (bytes[at] ?? 0) ^ 1
        return encodeBase64Url(bytes)
      })
      const values = [
        undefined, null, 0, {}, [], [token], '', ' ', token.slice(0, -1), token.slice(1), `${token}A`, `${token}=`,
        ` ${token}`, token.toUpperCase(), encodeURIComponent(`${token}/`), '\0', '\ud800', 'x'.repeat(1e6), ...tampered,
      ] // prettier-ignore
      for (const value of values) await expectUntouched(use, value, refusal)
    }
    expect(await snapshot(test)).toBe(before)
  })

  it('TOK-03 refuses, without a query, a token of every other kind', async () => {
    const before = await snapshot(test)
    for (const { purpose, use, refusal } of Object.values(places)) {
      const genuine = parseMailedToken(test.runtime.ring, purpose, tokenFor(purpose))
      if (!genuine) throw new Error('not a token')
      for (const other of purposes.filter((each) => each !== purpose)) {
        // Of the very same row, made with the very same key: only the purpose differs.
        const token = deriveMailedToken(test.runtime.ring, other, genuine.keyId, genuine.selector)
        await expectUntouched(use, token?.text, refusal)
      }
      await expectUntouched(use, tokenFor(purpose === 'confirm' ? 'reset-password' : 'confirm'), refusal)
    }
    expect(await snapshot(test)).toBe(before)
  })

  it('TOK-03 looks for the kind in the database too, not only in the key', async () => {
    const genuine = parseMailedToken(test.runtime.ring, 'confirm', person.token)
    const forged =
      genuine && deriveMailedToken(test.runtime.ring, 'reset-password', genuine.keyId, genuine.selector)
    if (!genuine || !forged) throw new Error('not a token')
    const store = (hash: Uint8Array) =>
      test.rows(sql`update users_tokens set token_hash = ${hash} where selector = ${genuine.selector}`)
    await store(forged.hash) // as if the two keys were one
    expect(await getUserByResetPasswordToken(test.runtime, person.browser, forged.text)).toBeNull()
    expect(await resetUserPassword(test.runtime, person.browser, { token: forged.text, password })).toEqual({
      ok: false,
      reason: 'invalid-token',
    })
    expect(await getUserByConfirmationToken(test.runtime, person.browser, person.token)).toBeNull()
    await store(genuine.hash)
  })

  it('refuses a token of another key ring, and one of a row that does not exist', async () => {
    const foreign = parseKeyRing(createRootSecret())
    for (const { purpose, use, refusal } of Object.values(places)) {
      const genuine = parseMailedToken(test.runtime.ring, purpose, tokenFor(purpose))
      if (!genuine) throw new Error('not a token')
      const selector = createSelector()
      await expectUntouched(
        use,
        deriveMailedToken(foreign, purpose, foreign.currentKeyId, genuine.selector)?.text,
        refusal,
      )
      const unknown = deriveMailedToken(test.runtime.ring, purpose, genuine.keyId, selector)
      expect(await use(unknown?.text)).toEqual(refusal)
    }
  })

  it('never throws, whatever is sent', async () => {
    const texts = fc.oneof(
      fc.anything(),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ minLength: 40, maxLength: 80 }).map((bytes) => encodeBase64Url(new Uint8Array(bytes))),
    )
    for (const { use, refusal } of Object.values(places)) {
      await fc.assert(
        fc.asyncProperty(texts, async (value) => {
          expect(await use(value)).toEqual(refusal)
        }),
        { numRuns: 60 },
      )
    }
  })

  it('CFG-06 takes tokens of an older key while the ring holds it, and none of a key it does not know', async () => {
    const newSecret = createRootSecret().replace('k1:', 'k2:')
    const { browser, token } = person
    const find = (secrets: string) =>
      getUserByConfirmationToken({ ...test.runtime, ring: parseKeyRing(secrets) }, browser, token)
    expect(await find(`${newSecret},${oldSecret}`)).not.toBeNull()
    expect(await find(`${oldSecret},${newSecret}`)).not.toBeNull()
    expect(await find(newSecret)).toBeNull()
    const look = (secrets: string) =>
      getUserByNotMeToken({ ...test.runtime, ring: parseKeyRing(secrets) }, browser, notMeToken)
    expect(await look(`${newSecret},${oldSecret}`)).not.toBeNull()
    expect(await look(newSecret)).toBeNull()
  })

  it('still takes the true ones', async () => {
    expect(await places['getUserByConfirmationToken']?.use(person.token)).not.toBeNull()
    expect(await places['getUserByResetPasswordToken']?.use(resetToken)).not.toBeNull()
    expect(await places['confirmUser']?.use(person.token)).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect(await places['resetUserPassword']?.use(resetToken)).toEqual({ ok: true })
    expect(await places['getUserByNotMeToken']?.use(notMeToken)).not.toBeNull()
    expect(await places['secureUser']?.use(notMeToken)).toEqual({ ok: true })
  })

  it('TOK-01 and TOK-13 refuse them afterwards, in the same words', async () => {
    test.advance({ minutes: 1 }) // until then a success is repeated
    for (const { purpose, use, refusal } of Object.values(places)) {
      expect(await use(tokenFor(purpose))).toEqual(refusal)
    }
  })
})
