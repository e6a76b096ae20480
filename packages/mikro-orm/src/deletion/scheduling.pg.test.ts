import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { exportUserData } from '../export/export-user-data.ts'
import { ImpersonationRefused } from '../flows/refuse-impersonation.ts'
import type { Hooks } from '../hooks.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deliverUserLogInInstructions } from '../magic-link/deliver-user-log-in-instructions.ts'
import { logInUserByMagicLink } from '../magic-link/log-in-user-by-magic-link.ts'
import { getUserByNotMeToken } from '../not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { verifyUserSecondFactor } from '../second-factor/verify-user-second-factor.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import { sudoBySecondFactor } from '../sudo/sudo-by-second-factor.ts'
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
import { countBelongings } from '../testing/test-belongings.ts'
import { insertPasskey } from '../testing/passkeys/insert-passkey.ts'
import { scheduledAndBack, askForTestDeletion } from '../testing/test-scheduling.ts'
import { askForEmailChange, changeTestEmail } from '../testing/test-email-change.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTotpUser, logInBrowser } from '../testing/test-second-factor.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { cancelUserDeletion } from './cancel-user-deletion.ts'
import { getUserDeletionState } from './get-user-deletion-state.ts'
import { scheduleUserDeletion } from './schedule-user-deletion.ts'

const DAY = 86_400_000

describe.each(['uuid', 'bigint'] as const)('the deletion of an account, with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(async () => {
    await clearQueue()
    test.advance({ milliseconds: -test.runtime.clockOffset() })
  })
  afterAll(() => test.close())

  const clearQueue = () => test.rows(sql`delete from graphile_worker._private_jobs`)
  const schedule = (browser: TestCaller, confirmation: unknown) =>
    scheduleUserDeletion(test.runtime, browser, { confirmation })
  const keep = (browser: TestCaller) => cancelUserDeletion(test.runtime, browser)
  const stateOf = (browser: TestCaller) => getUserDeletionState(test.runtime, browser)
  const secure = (token: string) => secureUser(test.runtime, createTestCaller(), { token })
  const logIn = ({ email, password }: TestUser) =>
    logInUser(test.runtime, createTestCaller(), { email, password })

  async function isScheduled({ id }: TestUser): Promise<boolean> {
    const [row] = await test.rows<{ is: boolean }>(
      sql`select delete_after is not null as is from users where id = ${id}`,
    )
    return row?.is ?? false
  }

  describe('is asked for', () => {
    it('by whoever types the address: everybody is logged out, and every way in that was mailed ends', async () => {
      const user = await createTestUser(test)
      const elsewhere = await signInTestUser(test, user)
      await deliverUserLogInInstructions(test.runtime, createTestCaller(), { email: user.email })
      const link = tokenOf(findMail(await deliverMail(test), 'magicLink').props.logInUrl)
      const browser = await signInTestUser(test, user)
      await askForEmailChange(test, browser)
      await clearQueue()

      const before = Date.now()
      const result = await schedule(browser, ` ${user.email.toUpperCase()} `)
      if (!result.ok) throw new Error(result.reason)
      expect(Math.abs(result.deleteAfter.getTime() - before - 14 * DAY)).toBeLessThan(60_000)
      expect(browser.cleared).toBe(1)
      expect((await countBelongings(test, user)).sessions).toBe(0)
      expect((await nextRequest(test.runtime, elsewhere)).session).toBeNull()
      expect(await logInUserByMagicLink(test.runtime, createTestCaller(), { token: link })).toMatchObject({
        reason: 'invalid',
      })
      const pending = await test.rows(sql`
        select from user_email_changes where user_id = ${user.id} and cancelled_at is null and confirmed_at is null`)
      expect(pending).toEqual([])
      const [row] = await test.rows(sql`
        select deletion_requested_by = id::text as own, deletion_requested_at is not null as at
        from users where id = ${user.id}`)
      expect(row).toEqual({ own: true, at: true })
      const { props, to } = findMail(await deliverMail(test), 'deletionScheduled')
      expect(to).toBe(user.email)
      expect(props).toMatchObject({ deleteAfter: result.deleteAfter, notMeDays: 14 })
      const line = (await readAudit(test, user.email)).find(
        ({ action }) => action === 'account.deletion_scheduled',
      )
      expect(line).toMatchObject({ outcome: 'success', metadata: { sessions: 2 } })
    })

    it('DEL-01: with a fresh sudo alone, and not on the word of a backup code', async () => {
      const { user, code, codes } = await createTotpUser(test)
      const { email } = user
      await expect(schedule(createTestCaller(), email)).rejects.toThrow(SudoRequired)
      const browser = await logInBrowser(test, user)
      await expect(schedule(browser, email)).rejects.toThrow(SudoRequired) // waits for its second step
      await verifyUserSecondFactor(test.runtime, browser, { code: code() })
      await nextRequest(test.runtime, browser)
      test.advance({ minutes: 11 })
      await nextRequest(test.runtime, browser)
      await expect(schedule(browser, email)).rejects.toThrow(SudoRequired)
      const { password } = user
      const recovered = await sudoBySecondFactor(test.runtime, browser, { backupCode: codes[0], password })
      expect(recovered).toMatchObject({ ok: true })
      await nextRequest(test.runtime, browser)
      expect(browser.session).toMatchObject({ hasSudo: true, sudoMethod: 'recovery' })
      await expect(schedule(browser, email)).rejects.toThrow(SudoRequired)
      expect(await isScheduled(user)).toBe(false)
    })

    it.each([
      ['nothing', undefined],
      ['another address', 'somebody.else@example.com'],
      ['a list', ['x']],
      ['no address', 'delete'],
    ])('DEL-01: not by %s in the place of the address', async (_, confirmation) => {
      const user = await createTestUser(test)
      const browser = await signInTestUser(test, user)
      expect(await schedule(browser, confirmation)).toEqual({
        ok: false,
        reason: 'invalid',
        errors: { confirmation: [{ reason: 'not-your-address' }] },
      })
      expect(await isScheduled(user)).toBe(false)
      expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
      expect(await readQueue(test)).toEqual([])
    })

    it('DEL-01: not by who acts as its owner, nor where there is only looking, however fresh the sudo is', async () => {
      const user = await createTestUser(test)
      const browser = await signInTestUser(test, user)
      const { session } = browser
      if (session === null) throw new Error('nobody is signed in')
      expect(session.hasSudo).toBe(true)
      const { userId } = session
      const owner = { userId, actorId: 'an-admin', effectiveId: userId, organizationId: null, scopes: null }
      const admin = createTestCaller({ ...browser, principal: { kind: 'user', ...owner } })
      const looking = createTestCaller({ ...browser, session: { ...session, mayWrite: false } })
      for (const caller of [admin, looking])
        await expect(schedule(caller, user.email)).rejects.toThrow(ImpersonationRefused)
      expect(await isScheduled(user)).toBe(false)
      expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
      expect(await readQueue(test)).toEqual([])
    })

    it('DEL-01: not while an area has something that comes first, which its page says before', async () => {
      const user = await createTestUser(test)
      const browser = await signInTestUser(test, user)
      const blocker = { reason: 'sole-owner', names: ['Acme'] }
      const asked: string[] = []
      const hooks: Hooks = {
        async blocksDeletion(_tx, { userId, address }) {
          asked.push(`${userId} ${address}`)
          return [blocker]
        },
      }
      const runtime = { ...test.runtime, hooks: [{}, hooks] }
      expect(await getUserDeletionState(runtime, browser)).toMatchObject({ blockers: [blocker] })
      expect(await scheduleUserDeletion(runtime, browser, { confirmation: user.email })).toEqual({
        ok: false,
        reason: 'deletion-blocked',
        blockers: [blocker],
      })
      expect(new Set(asked)).toEqual(new Set([`${user.id} ${user.email}`]))
      expect(await isScheduled(user)).toBe(false)
      expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
    })

    it('is not due before a change of the address can no longer be undone', async () => {
      const { runtime } = test
      const deletion = { ...runtime.policy.deletion, graceDays: 1 }
      const short = { ...test, runtime: { ...runtime, policy: { ...runtime.policy, deletion } } }
      const user = await createTestUser(test)
      const browser = await signInTestUser(test, user)
      const { email } = await changeTestEmail(test, browser)
      await clearQueue()
      expect((await getUserDeletionState(short.runtime, browser))?.isScheduled).toBe(false)
      const deleteAfter = await askForTestDeletion(short, { ...user, email }, browser)
      const [row] = await test.rows<{ until: Date }>(
        sql`select undo_until as until from user_email_changes where user_id = ${user.id}`,
      )
      expect(Math.abs(deleteAfter.getTime() - new Date(row?.until ?? 0).getTime())).toBeLessThan(2)
      const told = (await deliverMail(test)).sent.filter(({ kind }) => kind === 'deletionScheduled')
      expect(told.map(({ to }) => to).toSorted()).toEqual([email, user.email].toSorted())
    })

    it('AUD-02 and changes nothing when the audit row cannot be written', async () => {
      const user = await createTestUser(test)
      const browser = await signInTestUser(test, user)
      const { name } = test.runtime.tables.auditEvent
      await test.rows(
        sql`alter table ${name} add constraint broken check (action <> 'account.deletion_scheduled') not valid`,
      )
      try {
        await expect(schedule(browser, user.email)).rejects.toThrow()
      } finally {
        await test.rows(sql`alter table ${name} drop constraint broken`)
      }
      expect(await isScheduled(user)).toBe(false)
      expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
    })
  })

  describe('is taken back', () => {
    it('by logging in, and who did is in as after any log-in', async () => {
      const { user, browser, deleteAfter } = await scheduledAndBack(test)
      await clearQueue()
      expect(browser.session).toMatchObject({ awaiting: 'reactivation', hasSudo: false })
      expect(await stateOf(browser)).toEqual({ deleteAfter, isScheduled: true, blockers: [], goesAlong: [] })
      await expect(exportUserData(test.runtime, browser)).rejects.toThrow(SudoRequired)
      await expect(schedule(browser, user.email)).rejects.toThrow(SudoRequired)
      expect(await keep(browser)).toMatchObject({ ok: true, outcome: 'signed-in' })
      const { session } = await nextRequest(test.runtime, browser)
      expect(session).toMatchObject({ awaiting: null, hasSudo: true, sudoMethod: 'password' })
      const [row] = await test.rows(sql`
        select delete_after, deletion_requested_at, deletion_requested_by from users where id = ${user.id}`)
      expect(row).toEqual({ delete_after: null, deletion_requested_at: null, deletion_requested_by: null })
      expect(findMail(await deliverMail(test), 'deletionCancelled').to).toBe(user.email)
      const actions = (await readAudit(test, user.email)).map(({ action }) => action)
      expect(actions).toContain('account.deletion_cancelled')
      expect(await keep(browser)).toEqual({ ok: false, reason: 'ended' })
    })

    it('DEL-03: after every factor, and before documents', async () => {
      const { user, browser: first, code } = await createTotpUser(test)
      await askForTestDeletion(test, user, first)
      const documents = [{ name: 'terms', version: '1', url: '/terms', required: false }]
      const app = { ...test, runtime: { ...test.runtime, documents } }
      const browser = await logInBrowser(app, user)
      expect(browser.session).toMatchObject({ awaiting: 'second-factor' })
      expect(await stateOf(browser)).toBeNull()
      expect(await keep(browser)).toEqual({ ok: false, reason: 'ended' })
      expect(await isScheduled(user)).toBe(true)
      test.advance({ minutes: 2 })
      const typed = { code: code() }
      expect(await verifyUserSecondFactor(app.runtime, browser, typed)).toMatchObject({
        outcome: 'reactivation-required',
      })
      await nextRequest(app.runtime, browser)
      expect(await cancelUserDeletion(app.runtime, browser)).toMatchObject({ outcome: 'consent-required' })
    })

    it('DEL-03: for thirty minutes, and once of two tabs', async () => {
      const { browser } = await scheduledAndBack(test)
      test.advance({ minutes: 29 })
      expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
      const { session, sessionToken, browserToken } = browser
      const other = createTestCaller({ session, sessionToken, browserToken })
      expect(await keep(browser)).toMatchObject({ ok: true })
      await expect(keep(other)).rejects.toThrow(SessionOvertaken)
      const late = await scheduledAndBack(test)
      test.advance({ minutes: 31 })
      expect((await nextRequest(test.runtime, late.browser)).session).toBeNull()
      expect(await isScheduled(late.user)).toBe(true)
    })

    it('not by a new password: whoever forgot theirs still has to say so', async () => {
      const { user } = await scheduledAndBack(test)
      await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), { email: user.email })
      const token = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
      const password = 'seven herons over the weir'
      expect(await resetUserPassword(test.runtime, createTestCaller(), { token, password })).toMatchObject({
        ok: true,
      })
      expect(await isScheduled(user)).toBe(true)
      expect(await logIn({ ...user, password })).toMatchObject({ outcome: 'reactivation-required' })
    })
  })

  describe('that somebody else asked for', () => {
    it('ends by “This wasn’t me”, as long as it lies ahead, with what they added before', async () => {
      const user = await createTestUser(test)
      const thief = await signInTestUser(test, user)
      await clearQueue()
      await insertPasskey(test, user)
      await askForTestDeletion(test, user, thief)
      const { props } = findMail(await deliverMail(test), 'deletionScheduled')
      const token = tokenOf(props.notMeUrl)
      test.advance({ days: 13, hours: 23 })
      expect(await getUserByNotMeToken(test.runtime, createTestCaller(), token)).toMatchObject({
        action: 'account.deletion_scheduled',
        keepsAccount: true,
        removes: ['password', 'passkey'],
      })
      expect(await secure(token)).toEqual({ ok: true })
      expect(await isScheduled(user)).toBe(false)
      expect((await countBelongings(test, user)).passkeys).toBe(0)
      const mailbox = await deliverMail(test)
      expect(findMail(mailbox, 'notMeDone').props).toMatchObject({ isDeletionCancelled: true })
      expect(findMail(mailbox, 'resetPassword').to).toBe(user.email)
      const actions = (await readAudit(test, user.email)).map(({ action }) => action)
      expect(actions).toEqual(expect.arrayContaining(['auth.not_me', 'account.deletion_cancelled']))
    })

    it('and took back again leaves nothing they added before, as long as any notice reaches', async () => {
      const [early, late] = [await createTestUser(test), await createTestUser(test)]
      const [earlyToken, lateToken] = [await scheduleAndKeep(early), await scheduleAndKeep(late)]
      const look = (token: string) => getUserByNotMeToken(test.runtime, createTestCaller(), token)
      test.advance({ days: 6, hours: 23 })
      expect(await look(earlyToken)).toMatchObject({ keepsAccount: false, removes: ['password', 'passkey'] })
      expect(await secure(earlyToken)).toEqual({ ok: true })
      expect((await countBelongings(test, early)).passkeys).toBe(0)
      test.advance({ hours: 2 })
      expect(await look(lateToken)).toMatchObject({ keepsAccount: false, removes: ['password'] })
      expect(await secure(lateToken)).toEqual({ ok: true })
      expect((await countBelongings(test, late)).passkeys).toBe(1)
    })

    /** What a thief may do who wants the owner to believe that it was a mistake. */
    async function scheduleAndKeep(user: TestUser): Promise<string> {
      const thief = await signInTestUser(test, user)
      await insertPasskey(test, user)
      await clearQueue()
      await askForTestDeletion(test, user, thief)
      const { props } = findMail(await deliverMail(test), 'deletionScheduled')
      expect(await keep(await signInTestUser(test, user))).toMatchObject({ ok: true })
      return tokenOf(props.notMeUrl)
    }

    it('ends by the link of any other notice, too', async () => {
      const user = await createTestUser(test)
      const token = await receiveNotice(test, user)
      await askForTestDeletion(test, user)
      expect(await secure(token)).toEqual({ ok: true })
      expect(await isScheduled(user)).toBe(false)
    })

    it('says nothing of a deletion where there is none', async () => {
      const user = await createTestUser(test)
      const token = await receiveNotice(test, user)
      expect(await getUserByNotMeToken(test.runtime, createTestCaller(), token)).toMatchObject({
        keepsAccount: false,
      })
      await secure(token)
      expect(findMail(await deliverMail(test), 'notMeDone').props).toMatchObject({
        isDeletionCancelled: false,
      })
    })
  })

  describe('that is due', () => {
    it('DEL-03: is taken back by nobody: the account is as good as gone, and nobody is told', async () => {
      const user = await createTestUser(test)
      const browser = await signInTestUser(test, user)
      await clearQueue()
      await askForTestDeletion(test, user, browser)
      const token = tokenOf(findMail(await deliverMail(test), 'deletionScheduled').props.notMeUrl)
      test.advance({ days: 13, hours: 23, minutes: 50 })
      const back = await signInTestUser(test, user)
      expect(back.session).toMatchObject({ awaiting: 'reactivation' })
      await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), { email: user.email })
      const reset = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
      test.advance({ minutes: 11 })

      await expect(keep(back)).rejects.toThrow(SessionOvertaken)
      expect((await nextRequest(test.runtime, back)).session).toBeNull()
      expect(await secure(token)).toMatchObject({ ok: false, reason: 'invalid-token' })
      const password = 'seven herons over the weir'
      expect(
        await resetUserPassword(test.runtime, createTestCaller(), { token: reset, password }),
      ).toMatchObject({ ok: false, reason: 'invalid-token' })
      const unknown = { ...user, email: 'nobody.there@example.com' }
      expect(await logIn(user)).toEqual(await logIn(unknown))
      expect(await isScheduled(user)).toBe(true)

      await clearQueue()
      await deliverUserLogInInstructions(test.runtime, createTestCaller(), { email: user.email })
      await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), { email: user.email })
      const { sent, dropped } = await deliverMail(test)
      expect(sent).toEqual([])
      expect(dropped).toEqual(['no such user', 'no such user'])
    })

    it('is told to nobody by notices that were still to be sent', async () => {
      const user = await createTestUser(test)
      const browser = await signInTestUser(test, user)
      await clearQueue()
      await askForTestDeletion(test, user, browser)
      test.advance({ days: 15 })
      const { sent, dropped } = await deliverMail(test)
      expect({ sent, dropped }).toEqual({ sent: [], dropped: ['no such user'] })
    })
  })

  it('is shown to whoever is in or on the way in by it, and to nobody else', async () => {
    expect(await stateOf(createTestCaller())).toBeNull()
    const browser = await signInTestUser(test, await createTestUser(test))
    const state = await stateOf(browser)
    expect(state).toMatchObject({ isScheduled: false, blockers: [] })
    expect(Math.abs((state?.deleteAfter.getTime() ?? 0) - Date.now() - 14 * DAY)).toBeLessThan(60_000)
  })
})
