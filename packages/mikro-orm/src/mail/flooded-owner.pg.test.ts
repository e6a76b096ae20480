import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deliverUserLogInInstructions } from '../magic-link/deliver-user-log-in-instructions.ts'
import { logInUserByMagicLink } from '../magic-link/log-in-user-by-magic-link.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { getUserByResetPasswordToken } from '../reset/get-user-by-reset-password-token.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { registerUser } from '../register/register-user.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { attemptMail } from '../testing/attempt-mail.ts'
import { createDistantBrowser, knowBrowser } from '../testing/test-browser.ts'
import { deliverMail, findMail, readQueue, type TestMailbox, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing } from '../testing/test-policy.ts'
import { createTestEmail, testPassword } from '../testing/test-registration.ts'
import type { MailPayload } from './mail-payload.ts'

let test: TestRuntime
let user: TestUser
beforeAll(async () => {
  test = await createTestRuntime({ policy: cheapHashing })
})
beforeEach(async () => {
  await test.rows(sql`delete from graphile_worker._private_jobs`)
  user = await createTestUser(test)
})
afterAll(() => test.close())

const askForLink = (browser: Caller) =>
  deliverUserLogInInstructions(test.runtime, browser, { email: user.email })
const askForReset = (browser: Caller) =>
  deliverUserResetPasswordInstructions(test.runtime, browser, { email: user.email })
const logIn = (browser: TestCaller) => logInUser(test.runtime, browser, user)
const isGood = async (resetToken: string) =>
  (await getUserByResetPasswordToken(test.runtime, createTestCaller(), resetToken)) !== null
const linkIn = (mailbox: TestMailbox) => tokenOf(findMail(mailbox, 'magicLink').props.logInUrl)
const resetIn = (mailbox: TestMailbox) => tokenOf(findMail(mailbox, 'resetPassword').props.resetUrl)

async function guessPasswords(): Promise<void> {
  const strangers = Array.from({ length: 22 }, createDistantBrowser)
  for (let turn = 0; turn < 5; turn++) {
    for (const stranger of strangers) {
      await logInUser(test.runtime, stranger, { email: user.email, password: 'a wrong guess' })
    }
    test.advance({ milliseconds: 12_100 }) // the bucket of account and network has a token again
  }
}

async function floodMails(): Promise<void> {
  for (let n = 0; n < 21; n++) {
    await askForReset(createDistantBrowser())
    await askForLink(createDistantBrowser())
  }
}

describe('an owner at a new device without a passkey, after 110 wrong passwords and 42 mail requests', () => {
  it('EML-10 RL-01 gets in by a mailed link, although the password is refused', async () => {
    await guessPasswords()
    await floodMails()
    const device = createDistantBrowser()
    expect(await logIn(device)).toMatchObject({ ok: false })
    await askForLink(device)
    const token = linkIn(await deliverMail(test))
    expect(await logInUserByMagicLink(test.runtime, device, { token })).toMatchObject({ ok: true })
    expect(await logIn(createDistantBrowser())).toMatchObject({ ok: true }) // the link has lifted the block
  })

  it('EML-10 gets in by a reset as well', async () => {
    await guessPasswords()
    await floodMails()
    const device = createDistantBrowser()
    await askForReset(device)
    const token = resetIn(await deliverMail(test))
    expect(await resetUserPassword(test.runtime, device, { token, password: testPassword })).toMatchObject({
      ok: true,
    })
  })

  it('EML-10 gets a link for as long as the flood goes on, one of each kind every ten minutes', async () => {
    const bySender: string[][] = []
    for (let round = 0; round < 4; round++) {
      await floodMails()
      const { sent } = await deliverMail(test)
      bySender.push([...new Set(sent.map(({ kind }) => kind))].toSorted())
      test.advance({ minutes: 10, milliseconds: 1 })
    }
    expect(bySender).toEqual(bySender.map(() => ['magicLink', 'resetPassword']))
  })
})

describe('a stranger who asks every few seconds', () => {
  it('TOK-05 does not supersede the link of the owner before it is clicked', async () => {
    await askForReset(createDistantBrowser())
    const owner = resetIn(await deliverMail(test))
    const stranger = createDistantBrowser()
    for (let n = 0; n < 12; n++) {
      await askForReset(stranger)
      await deliverMail(test)
      test.advance({ milliseconds: 5_000 })
      expect(await isGood(owner)).toBe(true)
    }
  })

  it('TOK-05 never supersedes what a browser asked for that the account knows, from however many networks', async () => {
    const home = createDistantBrowser()
    await knowBrowser(test, user, home)
    await askForReset(home)
    const owner = resetIn(await deliverMail(test))
    await floodMails()
    await deliverMail(test)
    expect(await isGood(owner)).toBe(true)
  })

  it('TOK-05 takes no link from an owner without cookies by having none either', async () => {
    const nobody = { browserToken: null }
    await askForReset({ ...createDistantBrowser(), ...nobody })
    const owner = resetIn(await deliverMail(test))
    for (let n = 0; n < 4; n++) {
      await askForReset({ ...createDistantBrowser(), ...nobody })
      await deliverMail(test)
    }
    expect(await isGood(owner)).toBe(true)
  })
})

describe('what a mailbox may receive', () => {
  const kindsSent = async () => (await deliverMail(test)).sent.map(({ kind }) => kind)

  it('EML-10 is charged to the browser the account knows first, and leaves the rest to others', async () => {
    const home = createDistantBrowser()
    await knowBrowser(test, user, home)
    for (let n = 0; n < 6; n++) {
      await askForReset(home)
      expect(await kindsSent()).toEqual(['resetPassword'])
      test.advance({ milliseconds: 20_001 })
    }
    for (let n = 0; n < 20; n++) {
      await askForReset(createDistantBrowser())
      expect(await kindsSent()).toEqual(['resetPassword'])
    }
    await askForReset(createDistantBrowser())
    expect(await kindsSent()).toEqual(['resetPassword']) // trickles
    await askForReset(createDistantBrowser())
    expect(await kindsSent()).toEqual([])
  })

  it('EML-10 trickles for each kind apart, for aliases of one mailbox together', async () => {
    const mailbox = createTestEmail().split('@', 1)[0]
    user = await createTestUser(test, { email: `${mailbox}@example.com` })
    const alias = await createTestUser(test, { email: `${mailbox}+alias@example.com` })
    for (let n = 0; n < 20; n++) await askForReset(createDistantBrowser())
    await deliverMail(test)

    await askForReset(createDistantBrowser())
    await askForLink(createDistantBrowser())
    await registerUser(test.runtime, createDistantBrowser(), { email: user.email, password: testPassword })
    expect(await kindsSent()).toEqual(['resetPassword', 'magicLink', 'alreadyRegistered'])
    await askForReset(createDistantBrowser())
    await registerUser(test.runtime, createDistantBrowser(), { email: user.email, password: testPassword })
    await deliverUserResetPasswordInstructions(test.runtime, createDistantBrowser(), { email: alias.email })
    expect(await kindsSent()).toEqual([])
  })

  it('EML-10 counts a browser that registered an account nobody has confirmed as one it knows', async () => {
    const email = createTestEmail()
    const browser = createDistantBrowser()
    await registerUser(test.runtime, browser, { email, password: testPassword })
    const ask = (from: TestCaller) => deliverUserResetPasswordInstructions(test.runtime, from, { email })
    for (let n = 0; n < 22; n++) await ask(createDistantBrowser())
    expect((await deliverMail(test)).dropped).not.toEqual([])
    await ask(browser)
    expect((await deliverMail(test)).sent).toMatchObject([{ to: email }])
  })

  it('EML-10 charges nothing for a mail that is for nobody', async () => {
    const email = createTestEmail()
    for (let n = 0; n < 25; n++) {
      await deliverUserResetPasswordInstructions(test.runtime, createDistantBrowser(), { email })
    }
    expect(new Set((await deliverMail(test)).dropped)).toEqual(new Set(['no such user']))
    const later = await createTestUser(test, { email })
    user = later
    await askForReset(createDistantBrowser())
    expect(await kindsSent()).toEqual(['resetPassword'])
  })

  it('EML-10 trickles once, however many workers ask at once', async () => {
    await race('limit.tokens', {
      rounds: 10,
      prepare: async () => {
        user = await createTestUser(test)
        for (let n = 0; n < 36; n++) await askForReset(createDistantBrowser())
        const mails = await readQueue(test)
        await test.rows(sql`delete from graphile_worker._private_jobs`)
        for (const mail of mails.slice(0, 20))
          expect(await attemptMail(test.runtime, mail)).toHaveProperty('send')
        return mails.slice(20)
      },
      attempt: async (mails, client) => {
        const mail = mails[client]
        return mail !== undefined && 'send' in (await attemptMail(test.runtime, mail))
      },
      invariant: async (_, winners) => expect(winners).toBe(1),
    })
  })
})

describe('links of one account that are made at once', () => {
  it('TOK-05 never are more than five alive, and of one browser the one asked for last', async () => {
    await race('userToken.supersededAt', {
      rounds: 10,
      maxWinners: 16,
      prepare: async () => {
        user = await createTestUser(test)
        const twice = createDistantBrowser()
        const mails: MailPayload[] = []
        for (let n = 0; n < 16; n++) {
          const stranger = createDistantBrowser()
          await askForLink(n % 2 === 0 ? { ...twice, clientAddress: stranger.clientAddress } : stranger)
          mails.push(...(await readQueue(test)))
          await test.rows(sql`delete from graphile_worker._private_jobs`)
        }
        return { mails, user }
      },
      attempt: async ({ mails }, client) => {
        const mail = mails[client]
        return mail !== undefined && 'send' in (await attemptMail(test.runtime, mail))
      },
      invariant: async ({ user }) => {
        const living = await test.rows<{ links: number; browsers: number }>(sql`
          select count(*)::int as links, count(distinct browser_hash)::int as browsers from users_tokens
          where user_id = ${user.id} and used_at is null and superseded_at is null`)
        expect(living).toEqual([{ links: 5, browsers: 5 }])
      },
    })
  })
})
