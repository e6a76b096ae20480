import { type CanonicalEmail, parseEmail } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AddressHold, holdAddress } from '../addresses/hold-address.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { getUserByNotMeToken } from '../not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { changeUserPassword } from '../settings/change-user-password.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { recordQueries } from '../testing/record-queries.ts'
import { countBelongings } from '../testing/test-belongings.ts'
import { insertPasskey } from '../testing/passkeys/insert-passkey.ts'
import {
  type AskedChange,
  askForEmailChange,
  changeTestEmail,
  withApproval,
} from '../testing/test-email-change.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { receiveNotice, receiveNotices } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { canLogIn, createTestEmail, wrongCode } from '../testing/test-registration.ts'
import { createTotpUser } from '../testing/test-second-factor.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { approveUserEmailChange } from './approve-user-email-change.ts'
import { cancelUserEmailChange } from './cancel-user-email-change.ts'
import { deliverUserUpdateEmailInstructions } from './deliver-user-update-email-instructions.ts'
import { getUserByUpdateEmailToken } from './get-user-by-update-email-token.ts'
import { getUserEmailChange } from './get-user-email-change.ts'
import { resendUserEmailChange } from './resend-user-email-change.ts'
import { updateUserEmail } from './update-user-email.ts'

const done = { ok: true }
const invalid = { ok: false, reason: 'invalid' }

describe.each(['uuid', 'bigint'] as const)('a change of address, with %s keys', (idType) => {
  let test: TestRuntime
  let user: TestUser
  let browser: TestCaller
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(async () => {
    await clearQueue()
    test.advance({ milliseconds: -test.runtime.clockOffset() })
  })
  afterAll(() => test.close())

  const clearQueue = () => test.rows(sql`delete from graphile_worker._private_jobs`)

  async function signedIn(): Promise<void> {
    user = await createTestUser(test)
    browser = await signInTestUser(test, user)
  }

  const ask = (email: unknown, from = browser) =>
    deliverUserUpdateEmailInstructions(test.runtime, from, { email })
  const byLink = (token: unknown, from = browser) => updateUserEmail(test.runtime, from, { token })
  const byCode = (code: unknown, from = browser) => updateUserEmail(test.runtime, from, { code })
  const look = (token: unknown, from = browser) => getUserByUpdateEmailToken(test.runtime, from, token)
  const secure = (token: unknown) => secureUser(test.runtime, createTestCaller(), { token })
  const pendingOf = async (from = browser) => (await getUserEmailChange(test.runtime, from))?.pending

  async function addressOf({ id }: TestUser): Promise<string | undefined> {
    const [row] = await test.rows<{ email: string }>(sql`select email from users where id = ${id}`)
    return row?.email
  }

  function notMeOf({ mailbox }: Pick<AskedChange, 'mailbox'>, kind: 'emailChangeRequested' | 'emailChanged') {
    return tokenOf(findMail(mailbox, kind).props.notMeUrl)
  }

  describe('takes place', () => {
    it('by the link, wherever its owner is signed in, and ends what went before', async () => {
      await signedIn()
      const [elsewhere, third] = [await signInTestUser(test, user), await signInTestUser(test, user)]
      await clearQueue()
      const { email, token, mailbox } = await askForEmailChange(test, browser, {
        email: 'New.Address+' + createTestEmail(),
      })
      expect(mailbox.sent.map(({ kind, to }) => [kind, to])).toEqual([
        ['changeEmail', email],
        ['emailChangeRequested', user.email],
      ])
      expect(await addressOf(user)).toBe(user.email)
      const before = elsewhere.sessionToken
      expect(await byLink(token, elsewhere)).toEqual(done)
      expect(await addressOf(user)).toBe(email)
      expect(elsewhere.sessionToken).not.toBe(before)
      expect((await nextRequest(test.runtime, elsewhere)).session?.user.email).toBe(email)
      for (const other of [browser, third])
        expect((await nextRequest(test.runtime, other)).session).toBeNull()
      const sent = (await deliverMail(test)).sent.map(({ kind, to }) => [kind, to])
      expect(sent).toEqual([
        ['emailChanged', user.email],
        ['emailIsNow', email],
      ])
      expect(await canLogIn(test, email, user.password)).toBe(true)
      expect(await canLogIn(test, user.email, user.password)).toBe(false)
      const actions = (await readAudit(test, email)).map(({ action }) => action)
      expect(actions).toEqual(expect.arrayContaining(['auth.email_change_requested', 'auth.email_changed']))
    })

    it('by the code, in the browser that asked and in no other', async () => {
      await signedIn()
      const elsewhere = await signInTestUser(test, user)
      const { email, code } = await askForEmailChange(test, browser)
      expect(await byCode(code, elsewhere)).toEqual(invalid)
      expect(await byCode(wrongCode(code))).toEqual(invalid)
      expect(await byCode(` ${code.slice(0, 3)}-${code.slice(3)} `)).toEqual(done)
      expect(await addressOf(user)).toBe(email)
    })

    it('TOK-11 gives the code five tries, and the link of the same mail goes on', async () => {
      await signedIn()
      const { code, token } = await askForEmailChange(test, browser)
      for (let n = 0; n < 5; n++) expect(await byCode(wrongCode(code))).toEqual(invalid)
      expect(await byCode(code)).toEqual(invalid)
      expect(await byLink(token)).toEqual(done)
    })

    it('for thirty minutes by code and for a day by link', async () => {
      await signedIn()
      const { code, token } = await askForEmailChange(test, browser)
      test.advance({ minutes: 31 })
      await nextRequest(test.runtime, browser)
      expect(await byCode(code)).toEqual(invalid)
      test.advance({ hours: 23, minutes: 28 })
      expect(await look(token)).toMatchObject({ step: 'confirm' })
      test.advance({ minutes: 2 })
      expect(await look(token)).toBeNull()
      expect(await byLink(token)).toEqual(invalid)
      expect(await pendingOf()).toBeNull()
    })

    it('once: the second press is answered like the first, and changes nothing', async () => {
      await signedIn()
      const { email, token } = await askForEmailChange(test, browser)
      expect(await byLink(token)).toEqual(done)
      await nextRequest(test.runtime, browser)
      expect(await byLink(token)).toEqual(done)
      expect(await look(token)).toEqual({ step: 'done', email })
      test.advance({ minutes: 2 })
      expect(await byLink(token)).toEqual(invalid)
      const changed = (await readAudit(test, email)).filter(
        ({ action, outcome }) => action === 'auth.email_changed' && outcome === 'success',
      )
      expect(changed).toHaveLength(1)
    })

    it('TOK-03 by no other token, and its link is good nowhere else', async () => {
      await signedIn()
      const { token, mailbox } = await askForEmailChange(test, browser)
      expect(await byLink(notMeOf({ mailbox }, 'emailChangeRequested'))).toEqual(invalid)
      expect(await secure(token)).toMatchObject({ reason: 'invalid-token' })
      expect(await approveUserEmailChange(test.runtime, browser, { token })).toMatchObject({
        reason: 'invalid-token',
      })
      for (const nonsense of [null, '', 'x', {}, token.slice(1)])
        expect(await byLink(nonsense)).toEqual(invalid)
      for (const nonsense of [null, '', '12345', {}]) expect(await byCode(nonsense)).toEqual(invalid)
      expect(await byLink(token)).toEqual(done)
    })

    it('changes nothing by being looked at, however often a scanner does', async () => {
      await signedIn()
      const { token } = await askForEmailChange(test, browser)
      const stranger = createTestCaller()
      for (let n = 0; n < 3; n++) expect(await look(token, stranger)).toMatchObject({ step: 'log-in' })
      expect((await look(token, stranger))?.email).toMatch(/^p•••@example\.com$/)
      expect(await byLink(token)).toEqual(done)
    })
  })

  describe('is refused', () => {
    it('without a fresh sudo, with a backup code’s, and for an address nobody proved', async () => {
      await signedIn()
      const email = createTestEmail()
      const sudo = { sudo_at: sql`null`, sudo_method: sql`null` }
      await test.rows(sql`update user_sessions set sudo_at = ${sudo.sudo_at} where user_id = ${user.id}`)
      await expect(ask(email, await nextRequest(test.runtime, browser))).rejects.toThrow(SudoRequired)
      await test.rows(sql`
        update user_sessions set sudo_at = clock_timestamp(), sudo_method = 'recovery' where user_id = ${user.id}`)
      await expect(ask(email, await nextRequest(test.runtime, browser))).rejects.toThrow(SudoRequired)
      await expect(ask(email, createTestCaller())).rejects.toThrow(SudoRequired)
      await signedIn()
      await test.rows(sql`update users set confirmed_at = null where id = ${user.id}`)
      expect(await ask(email, await nextRequest(test.runtime, browser))).toEqual({
        ok: false,
        reason: 'unconfirmed',
      })
      expect(await readQueue(test)).toEqual([])
    })

    it('for the address somebody has, in every spelling, and for what is none', async () => {
      await signedIn()
      const same = { ok: false, reason: 'invalid', errors: { email: [{ reason: 'same-address' }] } }
      const [local = '', domain = ''] = user.email.split('@')
      const spellings = [user.email, user.email.toUpperCase(), ` ${local}@${domain.toUpperCase()} `]
      for (const spelling of spellings) expect(await ask(spelling)).toEqual(same)
      for (const nonsense of [null, '', 'x', 'a@b', ['a@example.com'], 'a@example.com\0'])
        expect(await ask(nonsense)).toMatchObject({ errors: { email: [{ reason: 'not-an-email-address' }] } })
      expect(await pendingOf()).toBeNull()
      expect(await readQueue(test)).toEqual([])
    })

    it('for an address outside of the domains, at the field, or at the end where they were named meanwhile', async () => {
      await signedIn()
      const domains = ['example.org']
      const { policy } = test.runtime
      const runtime = {
        ...test.runtime,
        policy: { ...policy, registration: { mode: 'open' as const, domains } },
      }
      const refused = { email: [{ reason: 'other-domain', domains }] }
      const outside = { email: createTestEmail() }
      expect(await deliverUserUpdateEmailInstructions(runtime, browser, outside)).toEqual({
        ...invalid,
        errors: refused,
      })
      expect(await readQueue(test)).toEqual([])
      const { token } = await askForEmailChange(test, browser) // asked while anybody might
      expect(await updateUserEmail(runtime, browser, { token })).toEqual({ ok: false, reason: 'taken' })
      expect(await addressOf(user)).toBe(user.email)
    })

    it('LIF-02 by somebody else’s link: nothing happens, whoever opens it', async () => {
      await signedIn()
      const [attacker, theirs] = [user, browser]
      const { token, email } = await askForEmailChange(test, theirs)
      await signedIn() // the victim, who waits for a mail to an address that they have not proven
      expect(await ask(createTestEmail())).toEqual(done)
      expect(await look(token)).toEqual({ step: 'other-account', email: expect.stringMatching(/•••/) })
      expect(await byLink(token)).toEqual(invalid)
      expect(await addressOf(user)).toBe(user.email)
      await expect(byLink(token, createTestCaller())).rejects.toThrow(SudoRequired)
      expect(await addressOf(attacker)).toBe(attacker.email)
      expect(await byLink(token, theirs)).toEqual(done) // it was not used up
      expect(await addressOf(attacker)).toBe(email)
    })

    it('when it was replaced, in one tab by what the other asked for', async () => {
      await signedIn()
      const first = await askForEmailChange(test, browser)
      const second = await askForEmailChange(test, browser)
      expect(await look(first.token)).toBeNull()
      expect(await byLink(first.token)).toEqual(invalid)
      expect(await byCode(first.code)).toEqual(invalid)
      expect(await byLink(second.token)).toEqual(done)
      expect(await addressOf(user)).toBe(second.email)
    })

    it('when it was cancelled', async () => {
      await signedIn()
      const { token, code } = await askForEmailChange(test, browser)
      for (let n = 0; n < 2; n++) expect(await cancelUserEmailChange(test.runtime, browser)).toEqual(done)
      expect(await pendingOf()).toBeNull()
      expect(await byLink(token)).toEqual(invalid)
      expect(await byCode(code)).toEqual(invalid)
      const cancelled = (await readAudit(test, user.email)).filter(
        ({ action }) => action === 'auth.email_change_cancelled',
      )
      expect(cancelled).toHaveLength(1)
    })

    it('is asked for three times a day', async () => {
      await signedIn()
      for (let n = 0; n < 3; n++) expect(await ask(createTestEmail())).toEqual(done)
      expect(await ask(createTestEmail())).toMatchObject({ reason: 'limited' })
      for (let n = 0; n < 3; n++) expect(await resendUserEmailChange(test.runtime, browser)).toEqual(done)
      expect(await resendUserEmailChange(test.runtime, browser)).toMatchObject({ reason: 'limited' })
    })
  })

  describe('is uniform', () => {
    it('LIF-01 for an address that is free, taken or held; who has it is told, and nobody else', async () => {
      await signedIn()
      const [owner, holder] = [await createTestUser(test), await createTestUser(test)]
      const [free, held] = [createTestEmail(), createTestEmail()]
      await hold(held, { userId: holder.id })
      const answers = []
      const mails = []
      for (const email of [free, owner.email, held]) {
        answers.push(await ask(email))
        expect((await readQueue(test)).map(({ kind }) => kind)).toEqual([
          'changeEmail',
          'addressInUse',
          'emailChangeRequested',
        ])
        mails.push((await deliverMail(test)).sent.map(({ kind, to }) => [kind, to]))
        expect(await pendingOf()).toBe(email)
      }
      expect(answers).toEqual([done, done, done])
      const notice = ['emailChangeRequested', user.email]
      expect(mails).toEqual([
        [['changeEmail', free], notice],
        [['addressInUse', owner.email], notice],
        [notice],
      ])
    })

    it('LIF-01 by the statements it takes, too: the request looks nobody up', async () => {
      await signedIn()
      const [owner, holder] = [await createTestUser(test), await createTestUser(test)]
      const held = createTestEmail()
      await hold(held, { userId: holder.id })
      const asked = []
      for (const email of [createTestEmail(), owner.email, held])
        asked.push(await recordQueries(test.orm, () => ask(email)))
      const [free = [], ...others] = asked
      expect(free.length).toBeGreaterThan(3)
      expect(others).toEqual([free, free])
    })

    it('takes nothing that somebody took meanwhile, undoes all of it, and the link lives on', async () => {
      await signedIn()
      const { email, token, code } = await askForEmailChange(test, browser)
      const other = await createTestUser(test, { email })
      const taken = { ok: false, reason: 'taken' }
      const sessionToken = browser.sessionToken
      expect(await byCode(code)).toEqual(taken)
      expect(await byLink(token)).toEqual(taken)
      expect(browser.sessionToken).toBe(sessionToken)
      expect(await addressOf(user)).toBe(user.email)
      expect(await readQueue(test)).toEqual([])
      await test.rows(sql`delete from users where id = ${other.id}`)
      await hold(email)
      expect(await byLink(token)).toEqual(taken)
      await test.rows(sql`delete from user_address_holds where user_id is null`)
      expect(await byLink(token)).toEqual(done)
    })

    it('answers a unique violation, which only the host can bring about, like a taken one', async () => {
      await signedIn()
      const { email, token } = await askForEmailChange(test, browser)
      // As if a row came in past every lock, between the look and the write.
      await test.rows(sql`
        create function take() returns trigger language plpgsql as $$ begin
          raise unique_violation using message = 'taken'; end $$`)
      await test.rows(
        sql`create trigger take before update of email on users for each row execute function take()`,
      )
      try {
        expect(await byLink(token)).toEqual({ ok: false, reason: 'taken' })
      } finally {
        await test.rows(sql`drop trigger take on users`)
        await test.rows(sql`drop function take()`)
      }
      expect(await addressOf(user)).toBe(user.email)
      expect(await byLink(token)).toEqual(done)
      expect(await addressOf(user)).toBe(email)
    })

    it('sends no more than a mailbox may get, whoever asks, and asks no network twice', async () => {
      const few = await createTestRuntime({
        policy: {
          ...generousLimits,
          ...cheapHashing,
          emailChange: { perDay: 100 },
          limits: {
            ...generousLimits.limits,
            recipient: {
              anyBrowser: { capacity: 2, perSeconds: 3600 },
              knownBrowser: { capacity: 2, perSeconds: 3600 },
              trickle: { capacity: 1, perSeconds: 600 },
            },
          },
        },
      })
      const email = createTestEmail()
      const sent = []
      for (let n = 0; n < 4; n++) {
        const from = await signInTestUser(few, await createTestUser(few))
        await few.rows(sql`delete from graphile_worker._private_jobs`)
        await deliverUserUpdateEmailInstructions(few.runtime, from, { email })
        sent.push((await deliverMail(few)).sent.filter(({ kind }) => kind === 'changeEmail').length)
      }
      await few.close()
      expect(sent).toEqual([1, 1, 1, 0]) // two of the mailbox, one of the trickle
    })
  })

  describe('is undone', () => {
    it('by “This wasn’t me” at the old address, which says so first; and only once', async () => {
      await signedIn()
      const asked = await changeTestEmail(test, browser)
      const token = notMeOf(asked, 'emailChanged')
      const page = await getUserByNotMeToken(test.runtime, createTestCaller(), token)
      expect(page).toMatchObject({
        action: 'auth.email_changed',
        restores: expect.stringMatching(/•••@example\.com$/),
      })
      expect(await secure(token)).toEqual(done)
      expect(await addressOf(user)).toBe(user.email)
      const mailbox = await deliverMail(test)
      expect(findMail(mailbox, 'notMeDone')).toMatchObject({
        to: user.email,
        props: { isAddressRestored: true },
      })
      expect(findMail(mailbox, 'resetPassword').to).toBe(user.email)
      const actions = (await readAudit(test, user.email)).map(({ action }) => action)
      expect(actions).toContain('auth.email_change_undone')
      expect(await secure(token)).toMatchObject({ reason: 'invalid-token' })
      expect((await nextRequest(test.runtime, browser)).session).toBeNull()
    })

    it('from both mailboxes in turn: the old one wins, and the new one’s links are dead', async () => {
      await signedIn()
      const asked = await changeTestEmail(test, browser)
      const toBoth = await receiveBoth(asked.email)
      expect(Object.keys(toBoth).toSorted()).toEqual([asked.email, user.email].toSorted())
      expect(await secure(toBoth[asked.email])).toEqual(done) // the new mailbox is the account's: nothing to restore
      expect(await addressOf(user)).toBe(asked.email)
      expect(await secure(toBoth[user.email])).toEqual(done)
      expect(await addressOf(user)).toBe(user.email)
      expect(await secure(toBoth[asked.email])).toMatchObject({ reason: 'invalid-token' })
    })

    it('LIF-05 from the notice of the request, with what was added since the sign-in that asked', async () => {
      await signedIn()
      const own = await insertPasskey(test, user)
      await test.rows(
        sql`update user_passkeys set created_at = created_at - interval '30 days' where id::text = ${own}`,
      )
      await insertPasskey(test, user)
      const asked = await askForEmailChange(test, browser)
      const token = notMeOf(asked, 'emailChangeRequested')
      const page = await getUserByNotMeToken(test.runtime, createTestCaller(), token)
      expect(page).toMatchObject({ removes: ['password', 'passkey'], restores: null })
      expect(await secure(token)).toEqual(done)
      expect((await countBelongings(test, user)).passkeys).toBe(1)
      expect(await byLink(asked.token, browser).catch(() => invalid)).toEqual(invalid)
      expect(await addressOf(user)).toBe(user.email)
    })

    it('LIF-05 reaches back to the sign-in of a session that is older than three days', async () => {
      await signedIn()
      await insertPasskey(test, user)
      await test.rows(sql`
        update user_passkeys set created_at = clock_timestamp() - interval '4 days' where user_id = ${user.id}`)
      await test.rows(sql`
        update user_sessions set authenticated_at = clock_timestamp() - interval '5 days' where user_id = ${user.id}`)
      const asked = await changeTestEmail(test, await nextRequest(test.runtime, browser))
      expect(await secure(notMeOf(asked, 'emailChanged'))).toEqual(done)
      expect((await countBelongings(test, user)).passkeys).toBe(0)
    })

    it('LIF-07 and a pending one is dead after a reset, a change of password and “This wasn’t me”', async () => {
      const ends: (() => Promise<unknown>)[] = [
        async () => {
          await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), user)
          const token = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
          return resetUserPassword(test.runtime, createTestCaller(), {
            token,
            password: 'ten herons over the weir',
          })
        },
        async () => changeUserPassword(test.runtime, browser, { password: 'nine herons over the weir' }),
        async () => secure(await receiveNotice(test, user)),
      ]
      for (const end of ends) {
        await signedIn()
        const { token, code } = await askForEmailChange(test, browser)
        expect(await end()).toEqual(done)
        const again = await signInAnew()
        expect(await pendingOf(again)).toBeNull()
        expect(await look(token, again)).toBeNull()
        expect(await byLink(token, again)).toEqual(invalid)
        expect(await byCode(code, again)).toEqual(invalid)
      }
    })

    it('LIF-07 and no link that the old address has is good for the account any more, nor when it comes back', async () => {
      await signedIn()
      await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), user)
      const token = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
      const reset = () =>
        resetUserPassword(test.runtime, createTestCaller(), { token, password: 'ten herons over the weir' })
      await changeTestEmail(test, browser)
      expect(await reset()).toMatchObject({ reason: 'invalid-token' })
      await changeTestEmail(test, browser, { email: user.email })
      expect(await addressOf(user)).toBe(user.email)
      expect(await reset()).toMatchObject({ reason: 'invalid-token' })
    })
  })

  describe('an old mailbox that is distrusted', () => {
    it('LIF-06 is refused to a password, and to a factor that a thief just added', async () => {
      await signedIn()
      const input = { email: createTestEmail(), distrustOld: true }
      const refused = { ok: false, reason: 'needs-older-factor' }
      expect(await deliverUserUpdateEmailInstructions(test.runtime, browser, input)).toEqual(refused)
      const fresh = await createTotpUser(test)
      await clearQueue()
      expect(await deliverUserUpdateEmailInstructions(test.runtime, fresh.browser, input)).toEqual(refused)
      expect(await getUserEmailChange(test.runtime, fresh.browser)).toMatchObject({ mayDistrustOld: false })
      expect(await readQueue(test)).toEqual([])
    })

    it('LIF-06 cannot undo a change that an older factor asked for, and is told so without a link', async () => {
      const { user: owner, browser: own } = await withOldFactor()
      expect(await getUserEmailChange(test.runtime, own)).toMatchObject({ mayDistrustOld: true })
      const before = await receiveNotice(test, owner)
      const { mailbox, email } = await changeTestEmail(test, own, { distrustOld: true })
      expect(mailbox.sent.map(({ kind, to }) => [kind, to])).toEqual([
        ['emailLeft', owner.email],
        ['emailIsNow', email],
      ])
      expect(await secure(before)).toMatchObject({ reason: 'invalid-token' })
      expect(Object.keys(await receiveBoth(email))).toEqual([email])
    })

    it('LIF-06 does what it likes to a wanted change, but the factors from before stay and are asked for', async () => {
      const { user: owner, browser: own } = await withOldFactor()
      const asked = await changeTestEmail(test, own)
      expect(await secure(notMeOf(asked, 'emailChanged'))).toEqual(done)
      expect(await addressOf(owner)).toBe(owner.email)
      expect((await countBelongings(test, owner)).totp).toBe(1)
    })

    async function withOldFactor() {
      const { user: owner, browser: own } = await createTotpUser(test)
      await test.rows(sql`
        update user_totp set activated_at = activated_at - interval '4 days' where user_id = ${owner.id}`)
      await test.rows(sql`
        update user_sessions set sudo_at = clock_timestamp(), sudo_method = 'second-factor' where user_id = ${owner.id}`)
      return { user: owner, browser: await nextRequest(test.runtime, own) }
    }
  })

  describe('where the old mailbox has to approve', () => {
    it('waits for it, in either order of the links', async () => {
      await signedIn()
      const strict = withApproval(test)
      const { token, mailbox, email } = await askForEmailChange(strict, browser)
      const approval = tokenOf(findMail(mailbox, 'emailChangeRequested').props.approveUrl ?? '')
      const confirm = () => updateUserEmail(strict.runtime, browser, { token })
      expect(await getUserEmailChange(strict.runtime, browser)).toMatchObject({ waitsForApproval: true })
      expect(await confirm()).toEqual({ ok: false, reason: 'not-approved' })
      expect(await look(approval, createTestCaller())).toMatchObject({ step: 'approve' })
      const approve = () => approveUserEmailChange(strict.runtime, createTestCaller(), { token: approval })
      expect(await approve()).toEqual(done)
      expect(await approve()).toMatchObject({ reason: 'invalid-token' })
      expect(await look(approval, createTestCaller())).toMatchObject({
        step: 'approved',
        email: expect.stringContaining('•'),
      })
      expect(await getUserEmailChange(strict.runtime, browser)).toMatchObject({ waitsForApproval: false })
      expect(await confirm()).toEqual(done)
      expect(await look(approval, createTestCaller())).toBeNull()
      expect(await addressOf(user)).toBe(email)
    })

    it('needs none otherwise, and its mail is sent again with the other', async () => {
      await signedIn()
      const { mailbox } = await askForEmailChange(test, browser)
      expect(findMail(mailbox, 'emailChangeRequested').props.approveUrl).toBeNull()
      const strict = withApproval(test)
      const first = await askForEmailChange(strict, browser)
      expect(await resendUserEmailChange(strict.runtime, browser)).toEqual(done)
      const again = await deliverMail(strict)
      const approval = tokenOf(findMail(again, 'emailChangeRequested').props.approveUrl ?? '')
      const approve = (token: string) => approveUserEmailChange(strict.runtime, createTestCaller(), { token })
      const former = tokenOf(findMail(first.mailbox, 'emailChangeRequested').props.approveUrl ?? '')
      expect(await approve(former)).toMatchObject({ reason: 'invalid-token' })
      expect(await approve(approval)).toEqual(done)
      expect(await byLink(first.token)).toEqual(invalid)
      const token = tokenOf(findMail(again, 'changeEmail').props.changeUrl)
      expect(await updateUserEmail(strict.runtime, browser, { token })).toEqual(done)
    })

    it('is asked again when the policy came after the request', async () => {
      await signedIn()
      const { token } = await askForEmailChange(test, browser)
      const strict = withApproval(test)
      expect(await updateUserEmail(strict.runtime, browser, { token })).toMatchObject({
        reason: 'not-approved',
      })
    })
  })

  it('resends with a new link and code, for a whole day more', async () => {
    await signedIn()
    expect(await resendUserEmailChange(test.runtime, browser)).toEqual({ ok: false, reason: 'gone' })
    const first = await askForEmailChange(test, browser)
    test.advance({ minutes: 5 })
    expect(await resendUserEmailChange(test.runtime, browser)).toEqual(done)
    const mail = findMail(await deliverMail(test), 'changeEmail')
    expect(await byCode(first.code)).toEqual(invalid)
    expect(await byLink(first.token)).toEqual(invalid)
    test.advance({ hours: 20 })
    await nextRequest(test.runtime, browser)
    test.advance({ hours: 3, minutes: 57 })
    expect(await byLink(tokenOf(mail.props.changeUrl))).toEqual(done)
  })

  it('sends every notice to the former addresses, too, as long as one could come back', async () => {
    await signedIn()
    const { email } = await changeTestEmail(test, browser)
    expect(Object.keys(await receiveBoth(email)).toSorted()).toEqual([email, user.email].toSorted())
    const second = await changeTestEmail(test, browser)
    const former = second.mailbox.sent.filter(({ kind }) => kind === 'emailChanged').map(({ to }) => to)
    expect(former.toSorted()).toEqual([email, user.email].toSorted())
    expect(Object.keys(await receiveBoth(second.email)).toSorted()).toEqual(
      [second.email, email, user.email].toSorted(),
    )
    test.advance({ days: 8 })
    expect(Object.keys(await receiveBoth(second.email))).toEqual([second.email])
  })

  async function signInAnew(): Promise<TestCaller> {
    await test.rows(
      sql`update users set hashed_password = ${await test.runtime.hasher.hash(user.password)} where id = ${user.id}`,
    )
    return signInTestUser(test, user, createTestCaller({ browserToken: browser.browserToken }))
  }

  /** The tokens of one notice, by where they went. */
  async function receiveBoth(email: string): Promise<Record<string, string>> {
    const notices = await receiveNotices(test, { email })
    return Object.fromEntries(notices.map(({ to, token }) => [to, token]))
  }

  function hold(email: string, changes: Partial<AddressHold> = {}) {
    return inTransaction(test.runtime, (tx) =>
      holdAddress(tx, {
        address: canonical(email),
        reason: 'changed',
        until: sql`${tx.now} + interval '7 days'`,
        userId: null,
        ...changes,
      }),
    )
  }

  function canonical(email: string): CanonicalEmail {
    const address = parseEmail(email)
    if (!address) throw new Error(`not an address: ${email}`)
    return address.canonical
  }
})
