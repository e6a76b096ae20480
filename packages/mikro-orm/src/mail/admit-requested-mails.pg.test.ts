import { createRootSecret, parseKeyRing } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { confirmUser } from '../confirm/confirm-user.ts'
import { deliverUserConfirmationInstructions } from '../confirm/deliver-user-confirmation-instructions.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { logInUserByMagicLink } from '../magic-link/log-in-user-by-magic-link.ts'
import { registerUser } from '../register/register-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { getUserByResetPasswordToken } from '../reset/get-user-by-reset-password-token.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { knowBrowser } from '../testing/test-browser.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail, registerInBrowser, testPassword } from '../testing/test-registration.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { createMailId, createTokenSource, enqueueMail } from './enqueue-mail.ts'
import type { MailPayload, TokenMail } from './mail-payload.ts'
import { attemptMail } from '../testing/attempt-mail.ts'
import { requestMail } from './request-mail.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'

describe('a mail that somebody asked for', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => clearQueue())
  afterAll(() => test.close())

  const clearQueue = () => test.rows(sql`delete from graphile_worker._private_jobs`)
  const attempt = (mail: MailPayload) => attemptMail(test.runtime, mail)
  const readTokens = (user: TestUser) =>
    test.rows(sql`select purpose, used_at, superseded_at from users_tokens where user_id = ${user.id}`)

  async function askForReset(user: { email: string }, browser = createTestCaller()): Promise<TokenMail> {
    await deliverUserResetPasswordInstructions(test.runtime, browser, { email: user.email })
    return lastRequest()
  }

  async function lastRequest(): Promise<TokenMail> {
    const mail = (await readQueue(test)).at(-1)
    if (!mail || !('selector' in mail && 'requestId' in mail) || mail.kind === 'changeEmail')
      throw new Error('no such mail')
    return mail
  }

  const isGood = async (token: string) =>
    (await getUserByResetPasswordToken(test.runtime, createTestCaller(), token)) !== null

  /** The same request once more, by whoever it was. */
  function anew(mail: TokenMail): TokenMail {
    return { ...mail, mailId: createMailId(test.runtime), ...createTokenSource(test.runtime) }
  }

  async function magicToken(mail: MailPayload): Promise<string> {
    const attempted = await attempt(mail)
    if (!('send' in attempted && 'logInUrl' in attempted.send.props)) throw new Error('another mail')
    return tokenOf(attempted.send.props.logInUrl)
  }

  async function resetToken(mail: MailPayload): Promise<string> {
    const attempted = await attempt(mail)
    if (!('send' in attempted)) throw new Error('not sent')
    const { props } = attempted.send
    if (!('minutes' in props && 'resetUrl' in props)) throw new Error('another mail')
    return tokenOf(props.resetUrl)
  }

  describe('for a link someone asked for', () => {
    it('makes the token row, audits it, and writes to the owner', async () => {
      const user = await createTestUser(test)
      const mail = await askForReset(user)
      expect(await readTokens(user)).toEqual([])
      expect(await attempt(mail)).toMatchObject({
        send: { kind: 'resetPassword', to: user.email, props: { appName: 'Acme', minutes: 60 } },
      })
      expect(await readTokens(user)).toEqual([
        { purpose: 'reset-password', used_at: null, superseded_at: null },
      ])
      expect(await readAudit(test, user.email)).toEqual([
        { action: 'auth.reset_requested', outcome: 'success', metadata: {} },
      ])
    })

    it('EML-07 writes to the stored spelling, not the one that was typed', async () => {
      const email = `Jane.${Date.now()}@Example.com`
      await createTestUser(test, { email })
      const mail = await askForReset({ email: email.toLowerCase() })
      expect(await attempt(mail)).toMatchObject({ send: { to: email } })
    })

    it('MAIL-01 makes the same mail of a retried job, with one row and one audit event', async () => {
      const user = await createTestUser(test)
      const mail = await askForReset(user)
      const first = await attempt(mail)
      test.advance({ minutes: 3 })
      expect(await attempt(mail)).toEqual(first)
      expect(JSON.stringify(await attempt(mail))).toBe(JSON.stringify(first))
      expect(await readTokens(user)).toHaveLength(1)
      expect(await readAudit(test, user.email)).toHaveLength(1)
    })

    it('MAIL-01 makes the same mail of one job in many workers at once', async () => {
      const user = await createTestUser(test)
      const mail = await askForReset(user)
      const all = await Promise.all(Array.from({ length: 16 }, () => attempt(mail)))
      expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1)
      expect(all[0]).toHaveProperty('send')
      expect(await readTokens(user)).toHaveLength(1)
      expect(await readAudit(test, user.email)).toHaveLength(1)
    })

    it('MAIL-01 keeps a duplicate single-use: it is not sent again once its link was used', async () => {
      const user = await createTestUser(test)
      const mail = await askForReset(user)
      const token = await resetToken(mail)
      await resetUserPassword(test.runtime, createTestCaller(), { token, password: testPassword })
      expect(await attempt(mail)).toHaveProperty('drop')
      expect(await readTokens(user)).toHaveLength(1)
    })

    it('takes the life of the link from when it was asked for', async () => {
      const user = await createTestUser(test)
      const mail = await askForReset(user)
      test.advance({ minutes: 50 })
      const token = await resetToken(mail)
      expect(await getUserByResetPasswordToken(test.runtime, createTestCaller(), token)).not.toBeNull()
      test.advance({ minutes: 11 })
      expect(await getUserByResetPasswordToken(test.runtime, createTestCaller(), token)).toBeNull()
      expect(await attempt(mail)).toEqual({ drop: 'too late' })
    })

    it('TOK-05 ends an older reset link when the same browser asks for a newer one, in whatever order', async () => {
      const user = await createTestUser(test)
      const browser = createTestCaller()
      const older = await askForReset(user, browser)
      const newer = await askForReset(user, browser)
      const newerToken = await resetToken(newer)
      expect(await attempt(older)).toEqual({ drop: 'link used or superseded' })
      expect(await isGood(newerToken)).toBe(true)

      const newest = await resetToken(await askForReset(user, browser))
      expect(await isGood(newerToken)).toBe(false)
      expect(await isGood(newest)).toBe(true)
    })

    it('TOK-05 ends no link of one browser for what another one, or one without an id, asks for', async () => {
      const user = await createTestUser(test)
      const owner = await resetToken(await askForReset(user))
      const stranger = createTestCaller()
      for (let i = 0; i < 8; i++) await resetToken(await askForReset(user, stranger))
      expect(await isGood(owner)).toBe(true)

      const nameless = { ...(await askForReset(user)), browserHash: null }
      const own = await resetToken(nameless)
      await resetToken(anew(nameless))
      expect(await isGood(own)).toBe(true)
    })

    it('TOK-05 lets five live: the oldest of unknown browsers ends first, known ones last', async () => {
      const user = await createTestUser(test)
      const home = createTestCaller()
      await knowBrowser(test, user, home)
      const known = await resetToken(await askForReset(user, home))
      const strangers: string[] = []
      for (let i = 0; i < 6; i++) strangers.push(await resetToken(await askForReset(user)))
      expect(await isGood(known)).toBe(true)
      const alive = await Promise.all(strangers.map(isGood))
      expect(alive).toEqual([false, false, true, true, true, true])
    })

    it('TOK-05 makes no link for a stranger where known browsers hold all five', async () => {
      const user = await createTestUser(test)
      const held: string[] = []
      for (let i = 0; i < 5; i++) {
        const home = createTestCaller()
        await knowBrowser(test, user, home)
        held.push(await resetToken(await askForReset(user, home)))
      }
      expect(await attempt(await askForReset(user))).toEqual({ drop: 'link used or superseded' })
      expect(await Promise.all(held.map(isGood))).toEqual(held.map(() => true))
    })

    it('TOK-05 sends no magic link that was asked for before another one was used', async () => {
      const user = await createTestUser(test)
      await requestMail(test.runtime, createTestCaller(), 'magicLink', user.email)
      const late = await lastRequest()
      await requestMail(test.runtime, createTestCaller(), 'magicLink', user.email)
      const token = await magicToken(await lastRequest())
      expect(await logInUserByMagicLink(test.runtime, createTestCaller(), { token })).toMatchObject({
        ok: true,
      })
      expect(await attempt(late)).toEqual({ drop: 'link used or superseded' })
    })

    it('keeps the way back of a magic link that one browser asks for twice', async () => {
      const user = await createTestUser(test)
      const browser = createTestCaller()
      for (const redirectTo of ['/first', '/second']) {
        await requestMail(test.runtime, browser, 'magicLink', user.email, { redirectTo })
        await attempt(await lastRequest())
      }
      expect(
        await test.rows(sql`select redirect_to as "to", superseded_at is null as alive from users_tokens
          where user_id = ${user.id} order by requested_at`),
      ).toEqual([
        { to: '/first', alive: false },
        { to: '/second', alive: true },
      ])
    })

    it('takes the way back along with a magic link, and its code from the same row', async () => {
      const user = await createTestUser(test)
      const browser = createTestCaller({ clientAddress: '198.51.100.7', userAgent: FIREFOX })
      await requestMail(test.runtime, browser, 'magicLink', user.email, { redirectTo: '/dashboard' })
      const mail = await lastRequest()
      const first = await attempt(mail)
      expect(first).toMatchObject({
        send: {
          kind: 'magicLink',
          props: {
            logInUrl: expect.stringMatching(/^https:\/\/app\.test\/users\/log-in\/[\w-]+$/),
            code: expect.stringMatching(/^\d{6}$/),
            minutes: 10,
            browser: { name: 'Firefox', system: 'Linux' },
            address: '198.51.100.7',
          },
        },
      })
      expect(await attempt(mail)).toEqual(first)
      const rows = await test.rows(sql`
        select purpose, redirect_to, browser_hash, expires_at - requested_at = interval '10 minutes' as "tenMinutes"
        from users_tokens where user_id = ${user.id}`)
      expect(rows).toEqual([
        {
          purpose: 'magic-link',
          redirect_to: '/dashboard',
          browser_hash: Buffer.from(hashBrowserToken(browser.browserToken)),
          tenMinutes: true,
        },
      ])
      expect(await readAudit(test, user.email)).toMatchObject([{ action: 'auth.magic_link_requested' }])
    })

    it('TOK-05 ends an older magic link, and an older code for sudo, when its browser asks for a newer one', async () => {
      const user = await createTestUser(test)
      const browser = createTestCaller()
      for (const kind of ['magicLink', 'sudoCode'] as const) {
        await requestMail(test.runtime, browser, kind, user.email)
        const older = await lastRequest()
        await requestMail(test.runtime, browser, kind, user.email)
        expect(await attempt(await lastRequest())).toMatchObject({ send: { kind } })
        expect(await attempt(older)).toEqual({ drop: 'link used or superseded' })
      }
    })

    it('sends a code for sudo without any link to use instead', async () => {
      const user = await createTestUser(test)
      await requestMail(test.runtime, createTestCaller(), 'sudoCode', user.email)
      const attempted = await attempt(await lastRequest())
      expect(attempted).toMatchObject({
        send: { props: { code: expect.stringMatching(/^\d{6}$/), minutes: 10 } },
      })
      expect(JSON.stringify(attempted)).not.toMatch(/users\/[\w-]+\/[\w-]{40}/)
      expect(await readTokens(user)).toMatchObject([{ purpose: 'sudo' }])
      expect(await readAudit(test, user.email)).toMatchObject([{ action: 'session.sudo_requested' }])
    })

    it('retries, without charging a limit, a job whose key this process does not have yet', async () => {
      const user = await createTestUser(test)
      const mail = { ...(await askForReset(user)), keyId: 'k9' }
      expect(await attempt(mail)).toEqual({ retry: 'unknown key id' })
      const ring = parseKeyRing(createRootSecret().replace('k1:', 'k9:'))
      expect(await attemptMail({ ...test.runtime, ring }, mail)).toHaveProperty('send')
    })
  })

  describe('for a mail nobody wants any more', () => {
    it('drops it when there is no such user', async () => {
      expect(await attempt(await askForReset({ email: createTestEmail() }))).toEqual({ drop: 'no such user' })
    })

    it('drops it when the user is newer than the request', async () => {
      const email = createTestEmail()
      const mail = await askForReset({ email })
      await registerUser(test.runtime, createTestCaller(), { email, password: testPassword })
      expect(await attempt(mail)).toEqual({ drop: 'account changed since' })
    })

    it('TOK-05 drops it when the password was changed meanwhile', async () => {
      const user = await createTestUser(test)
      const mail = await askForReset(user)
      const token = await resetToken(await askForReset(user))
      await resetUserPassword(test.runtime, createTestCaller(), { token, password: testPassword })
      expect(await attempt(mail)).toEqual({ drop: 'account changed since' })
    })

    it('ENUM-06 drops a new confirmation for a confirmed address', async () => {
      const user = await createTestUser(test)
      await deliverUserConfirmationInstructions(test.runtime, createTestCaller(), { email: user.email })
      expect(await attempt(await lastRequest())).toEqual({ drop: 'already confirmed' })
    })

    it('drops the mail of a registration whose user is gone', async () => {
      const email = createTestEmail()
      await registerUser(test.runtime, createTestCaller(), { email, password: testPassword })
      const mail = await lastRequest()
      await test.rows(sql`delete from users where email = ${email}`)
      expect(await attempt(mail)).toEqual({ drop: 'no such user' })
    })
  })

  it('keeps older confirmation links alive when a new one is asked for', async () => {
    const first = await registerInBrowser(test)
    await deliverUserConfirmationInstructions(test.runtime, first.browser, { email: first.email })
    const second = findMail(await deliverMail(test), 'confirmAddress')
    expect(second.props.code).not.toBe(first.code)
    expect(await confirmUser(test.runtime, first.browser, { token: first.token })).toMatchObject({
      ok: true,
      outcome: 'signed-in',
    })
    const token = tokenOf(second.props.confirmUrl)
    expect(await confirmUser(test.runtime, first.browser, { token })).toEqual({
      ok: false,
      reason: 'invalid',
    })
  })

  it('MAIL-03 holds no job of a transaction that was rolled back', async () => {
    const mail = await askForReset(await createTestUser(test))
    await expect(
      inTransaction(test.runtime, async (tx) => {
        await enqueueMail(tx, mail)
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await readQueue(test)).toHaveLength(1)
  })
})
