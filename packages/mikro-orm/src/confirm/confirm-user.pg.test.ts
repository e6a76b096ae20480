import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { sweepExpired } from '../sweeps/sweep-expired.ts'
import { createTestCaller, createTestRuntime, nextRequest, race, type TestRuntime } from '../testing/index.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import {
  canLogIn,
  isConfirmed,
  registerInBrowser,
  type TestRegistration,
} from '../testing/test-registration.ts'
import { readAudit, snapshot } from '../testing/test-snapshot.ts'
import { confirmUserByCode } from './confirm-user-by-code.ts'
import { confirmUserWithNewPassword } from './confirm-user-with-new-password.ts'
import { confirmUser } from './confirm-user.ts'
import { deliverUserConfirmationInstructions } from './deliver-user-confirmation-instructions.ts'
import { getUserByConfirmationToken } from './get-user-by-confirmation-token.ts'
import { isConfirmedHere } from './is-confirmed-here.ts'
import { rejectRegistration } from './reject-registration.ts'

const invalid = { ok: false, reason: 'invalid' }
const newPassword = 'seven herons over the weir'

describe('a confirmation link', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const actionsOf = async ({ email }: TestRegistration) =>
    (await readAudit(test, email)).map(({ action, outcome }) => `${action} ${outcome}`)

  describe('in the browser that registered', () => {
    it('confirms at the touch of a button, signs in, and the owner is told', async () => {
      const person = await registerInBrowser(test)
      expect(await getUserByConfirmationToken(test.runtime, person.browser, person.token)).toEqual({
        maskedEmail: 'p•••@example.com',
        email: person.email,
        sameBrowser: true,
        canTryPassword: true,
      })
      expect(await confirmUser(test.runtime, person.browser, { token: person.token })).toMatchObject({
        ok: true,
      })
      expect((await nextRequest(test.runtime, person.browser)).session?.user.email).toBe(person.email)
      expect((await deliverMail(test)).sent).toMatchObject([{ kind: 'addressConfirmed', to: person.email }])
      expect(await actionsOf(person)).toEqual([
        'auth.register success',
        'auth.confirm success',
        'auth.log_in success',
      ])
      expect(await canLogIn(test, person.email, person.password)).toBe(true)
    })

    it('TOK-01 works once, and says the same to a second use as to nonsense', async () => {
      const person = await registerInBrowser(test)
      await confirmUser(test.runtime, person.browser, { token: person.token })
      const before = await test.rows(sql`select to_jsonb(u) from users u where email = ${person.email}`)
      test.advance({ minutes: 1 })
      expect(await confirmUser(test.runtime, person.browser, { token: person.token })).toEqual(invalid)
      test.advance({ minutes: -1 })
      expect(await confirmUser(test.runtime, createTestCaller(), { token: person.token })).toEqual(invalid)
      expect(await getUserByConfirmationToken(test.runtime, createTestCaller(), person.token)).toBeNull()
      expect(await confirmUser(test.runtime, person.browser, { token: 'nonsense' })).toEqual(invalid)
      expect(await test.rows(sql`select to_jsonb(u) from users u where email = ${person.email}`)).toEqual(
        before,
      )
    })

    it('CSRF-11 changes nothing when it is only looked at', async () => {
      const person = await registerInBrowser(test)
      const before = await snapshot(test)
      for (let i = 0; i < 3; i++) await getUserByConfirmationToken(test.runtime, person.browser, person.token)
      expect(await snapshot(test)).toBe(before)
    })

    it('ends sessions made before the proof, all but the one in this browser', async () => {
      const early = await createTestRuntime({
        policy: { ...generousLimits, ...cheapHashing, requireConfirmation: false },
      })
      const person = await registerInBrowser(early)
      const elsewhere = createTestCaller()
      for (const browser of [person.browser, elsewhere]) {
        await logInUser(early.runtime, browser, { email: person.email, password: person.password })
        await nextRequest(early.runtime, browser)
      }
      await confirmUser(early.runtime, person.browser, { token: person.token })
      expect((await nextRequest(early.runtime, person.browser)).session).not.toBeNull()
      expect((await nextRequest(early.runtime, elsewhere)).session).toBeNull()
      await early.close()
    })
  })

  describe('with a new password', () => {
    it('confirms, does what a reset does, and the owner is told', async () => {
      const person = await registerInBrowser(test)
      const input = { token: person.token, password: newPassword }
      expect(await confirmUserWithNewPassword(test.runtime, createTestCaller(), input)).toEqual({ ok: true })
      expect(await isConfirmed(test, person)).toBe(true)
      expect((await deliverMail(test)).sent).toMatchObject([{ kind: 'passwordChanged', to: person.email }])
      expect(await canLogIn(test, person.email, person.password)).toBe(false)
      expect(await canLogIn(test, person.email, newPassword)).toBe(true)
    })

    it('PWD-06 refuses a weak one and leaves the link as it was', async () => {
      const { token, email } = await registerInBrowser(test)
      for (const password of ['short', 'passwordpassword', `${email.split('@')[0]}-!`, undefined]) {
        expect(
          await confirmUserWithNewPassword(test.runtime, createTestCaller(), { token, password }),
        ).toMatchObject({
          reason: 'invalid',
          errors: { password: [{ reason: expect.any(String) }] },
        })
      }
      expect(
        await confirmUserWithNewPassword(test.runtime, createTestCaller(), { token, password: newPassword }),
      ).toEqual({ ok: true })
    })

    it('is no way to reset the password of an account that is confirmed', async () => {
      const person = await registerInBrowser(test)
      await deliverUserConfirmationInstructions(test.runtime, person.browser, person)
      const second = tokenOf(findMail(await deliverMail(test), 'confirmAddress').props.confirmUrl)
      await confirmUser(test.runtime, person.browser, { token: person.token })
      const live = sql`select from users_tokens where used_at is null and superseded_at is null`
      expect(
        await test.rows(sql`${live} and user_id = (select id from users where email = ${person.email})`),
      ).toEqual([])
      // As if it had been overlooked when the address was confirmed.
      await test.rows(sql`update users_tokens set superseded_at = null`)
      const input = { token: second, password: newPassword }
      expect(await confirmUserWithNewPassword(test.runtime, createTestCaller(), input)).toEqual({
        ok: false,
        reason: 'invalid-token',
      })
    })
  })

  describe('answered with "I didn’t register"', () => {
    it('removes the account, and with it everything of it', async () => {
      const { token, email } = await registerInBrowser(test)
      expect(await rejectRegistration(test.runtime, createTestCaller(), { token })).toEqual({ ok: true })
      expect(await test.rows(sql`select from users where email = ${email}`)).toEqual([])
      expect(await rejectRegistration(test.runtime, createTestCaller(), { token })).toEqual({ ok: true })
      const denied = await test.rows(sql`
        select metadata from audit_events where action = 'auth.confirm' and outcome = 'denied'`)
      expect(denied).toEqual([{ metadata: { method: 'link', reason: 'not-mine' } }])
    })

    it('TOK-02 TOK-09 says nothing was done where its row went another way, or long ago', async () => {
      const own = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } }) // its clock is put on
      const person = await registerInBrowser(own)
      const reject = () => rejectRegistration(own.runtime, createTestCaller(), { token: person.token })
      own.advance({ hours: 25 })
      expect(await reject()).toEqual(invalid)
      await sweepExpired(own.runtime)
      expect(await reject()).toEqual(invalid)
      expect(await own.rows(sql`select from users where email = ${person.email}`)).toHaveLength(1)

      const removed = await registerInBrowser(own)
      const rejectOther = () => rejectRegistration(own.runtime, createTestCaller(), { token: removed.token })
      expect(await rejectOther()).toEqual({ ok: true })
      own.advance({ minutes: 2 })
      expect(await rejectOther()).toEqual(invalid)
      await own.close()
    })

    it('leaves a confirmed account alone', async () => {
      const person = await registerInBrowser(test)
      await confirmUser(test.runtime, person.browser, { token: person.token })
      expect(await rejectRegistration(test.runtime, person.browser, { token: person.token })).toEqual(invalid)
      expect(await isConfirmed(test, person)).toBe(true)
    })
  })

  describe('opened again once it was used', () => {
    const ways = {
      'the link': ({ token }: TestRegistration) => ({ token }),
      'the code': ({ email, code }: TestRegistration) => ({ email, code }),
    }
    it.each(Object.entries(ways))(
      'says that it is done in the browser that confirmed by %s, and in no other',
      async (_, typed) => {
        const person = await registerInBrowser(test)
        const isDone = (from: Caller, token: unknown = person.token) =>
          isConfirmedHere(test.runtime, from, token)
        expect(await isDone(person.browser)).toBe(false)
        const input = typed(person)
        const result = await ('token' in input
          ? confirmUser(test.runtime, person.browser, input)
          : confirmUserByCode(test.runtime, person.browser, input))
        expect(result).toMatchObject({ ok: true })
        expect(await isDone(person.browser)).toBe(true)
        expect(await isDone(createTestCaller())).toBe(false)
        expect(await isDone({ ...createTestCaller(), browserToken: null })).toBe(false)
        const stranger = await registerInBrowser(test)
        expect(await isDone(person.browser, stranger.token)).toBe(false)
        for (const token of ['', null, `${person.token.slice(0, -4)}AAAA`])
          expect(await isDone(person.browser, token)).toBe(false)
      },
    )
  })

  it('TOK-02 dies to the millisecond, by the database’s clock', async () => {
    const { browser, token, email } = await registerInBrowser(test)
    const setExpiry = (milliseconds: number) =>
      test.rows(sql`
        update users_tokens t set expires_at = clock_timestamp() + ${milliseconds} * interval '1 millisecond'
        from users u where u.id = t.user_id and u.email = ${email}`)
    const find = () => getUserByConfirmationToken(test.runtime, browser, token)
    await setExpiry(5000)
    expect(await find()).not.toBeNull()
    test.advance({ milliseconds: 5001 })
    expect(await find()).toBeNull()
    expect(await confirmUser(test.runtime, browser, { token })).toEqual(invalid)
    test.advance({ milliseconds: -5001 })
    expect(await find()).not.toBeNull()
  })

  it('lives for 24 hours', async () => {
    const { browser, token } = await registerInBrowser(test)
    test.advance({ hours: 24, milliseconds: -2000 })
    expect(await getUserByConfirmationToken(test.runtime, browser, token)).not.toBeNull()
    test.advance({ milliseconds: 2001 })
    expect(await getUserByConfirmationToken(test.runtime, browser, token)).toBeNull()
  })

  it('TOK-04 is for the account it was mailed to, whoever is signed in', async () => {
    const jane = await registerInBrowser(test)
    await confirmUser(test.runtime, jane.browser, { token: jane.token })
    await logInUser(test.runtime, jane.browser, jane)
    const session = (await nextRequest(test.runtime, jane.browser)).session
    const joe = await registerInBrowser(test)
    expect(await getUserByConfirmationToken(test.runtime, jane.browser, joe.token)).toMatchObject({
      sameBrowser: false,
    })
    const input = { token: joe.token, password: jane.password.replace('lonely', 'lovely') }
    expect(await confirmUser(test.runtime, jane.browser, input)).toMatchObject({ reason: 'wrong-password' })
    expect(await isConfirmed(test, joe)).toBe(false)
    expect((await nextRequest(test.runtime, jane.browser)).session).toEqual(session)
  })

  it('TOK-05 dies when the address of the account changes', async () => {
    const { browser, token, email } = await registerInBrowser(test)
    await test.rows(sql`update users set email_canonical = ${`new.${email}`} where email = ${email}`)
    expect(await confirmUser(test.runtime, browser, { token })).toEqual(invalid)
  })

  it('TOK-08 has one winner of sixteen, and repeats it three times', async () => {
    const total = await race('userToken.usedAt', {
      maxWinners: 4,
      prepare: () => registerInBrowser(test),
      attempt: async ({ token, browser }) => (await confirmUser(test.runtime, browser, { token })).ok,
      invariant: async (person) => {
        const events = (await actionsOf(person)).filter((event) => event === 'auth.confirm success')
        expect(events).toHaveLength(1)
        expect(await isConfirmed(test, person)).toBe(true)
        expect((await readQueue(test)).filter((mail) => mail.address === person.email)).toHaveLength(1)
      },
    })
    expect(total).toBe(160)
  })

  it('TOK-13 is one row with its code: whichever is first, of all ways at once, is the only one', async () => {
    const total = await race('userToken.usedAt', {
      prepare: () => registerInBrowser(test),
      maxWinners: 4,
      attempt: async ({ token, email, code, browser }, client) => {
        const password = newPassword
        if (client % 4 === 0) return (await confirmUser(test.runtime, browser, { token })).ok
        if (client % 4 === 1) return (await confirmUserByCode(test.runtime, browser, { email, code })).ok
        if (client % 4 === 2) return (await rejectRegistration(test.runtime, browser, { token })).ok
        return (await confirmUserWithNewPassword(test.runtime, browser, { token, password })).ok
      },
      // All that were answered alike came by the same form: each form has four clients.
      invariant: async (person, winners) => {
        const users = await test.rows(
          sql`select from users where email = ${person.email} and confirmed_at is null`,
        )
        expect(users).toEqual([])
        const done = (await actionsOf(person)).filter((event) => event === 'auth.confirm success')
        expect(done.length).toBe((await isConfirmed(test, person)) ? 1 : 0)
        expect(winners).toBeGreaterThan(0)
      },
    })
    expect(total).toBeGreaterThanOrEqual(40)
  })

  it('TOK-13 is used up by its code, and the other way round', async () => {
    const first = await registerInBrowser(test)
    expect(await confirmUserByCode(test.runtime, first.browser, first)).toMatchObject({ ok: true })
    expect(await confirmUser(test.runtime, first.browser, first)).toEqual(invalid)
    const second = await registerInBrowser(test)
    expect(await confirmUser(test.runtime, second.browser, { token: second.token })).toMatchObject({
      ok: true,
    })
    expect(await confirmUserByCode(test.runtime, second.browser, second)).toEqual(invalid)
  })

  it('AUD-02 confirms nobody when the audit row cannot be written', async () => {
    const person = await registerInBrowser(test)
    const { name } = test.runtime.tables.auditEvent
    await test.rows(sql`alter table ${name} add constraint broken check (action <> 'auth.confirm') not valid`)
    try {
      await expect(confirmUser(test.runtime, person.browser, { token: person.token })).rejects.toThrow()
      await expect(
        rejectRegistration(test.runtime, person.browser, { token: person.token }),
      ).rejects.toThrow()
    } finally {
      await test.rows(sql`alter table ${name} drop constraint broken`)
    }
    expect(await isConfirmed(test, person)).toBe(false)
    expect(await readQueue(test)).toEqual([])
    expect(await confirmUser(test.runtime, person.browser, { token: person.token })).toMatchObject({
      ok: true,
    })
  })

  it('PRE-06 is nothing after a reset, which confirmed the address and replaced the password', async () => {
    const attacker = await registerInBrowser(test)
    const victim = createTestCaller()
    await deliverUserResetPasswordInstructions(test.runtime, victim, attacker)
    const reset = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
    await resetUserPassword(test.runtime, victim, { token: reset, password: newPassword })
    expect(await isConfirmed(test, attacker)).toBe(true)
    expect(await confirmUser(test.runtime, attacker.browser, { token: attacker.token })).toEqual(invalid)
    expect(await canLogIn(test, attacker.email, attacker.password)).toBe(false)
  })
})
