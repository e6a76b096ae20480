import { createRootSecret, parseEmail } from '@sigra/core'
import {
  deliverUserLogInInstructions,
  deliverUserResetPasswordInstructions,
  enqueueNotice,
  getUserByMagicLinkToken,
  inTransaction,
  type MailKind,
  recordAuditEvent,
  registerUser,
  sql,
} from '@sigra/mikro-orm'
import { createElement } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../../mikro-orm/src/testing/index.ts'
import { createDistantBrowser, knowBrowser } from '../../mikro-orm/src/testing/test-browser.ts'
import type { OutgoingMail } from './mail/mail-transport.ts'
import type { Mails } from './mail/mails.ts'
import type { RunningWorker } from './queue/running-worker.ts'
import { runWorker } from './run-worker.ts'
import { eventually } from './testing-only/eventually.ts'
import { plainMails } from './testing-only/plain-mails.ts'

const intervals = { heartbeatMilliseconds: 100, pollMilliseconds: 100 }

let test: TestRuntime
let user: TestUser
let worker: RunningWorker | null
let sent: OutgoingMail[]

beforeEach(async () => {
  test = await createTestRuntime({ secrets: createRootSecret() })
  user = await createTestUser(test)
  worker = null
  sent = []
})

afterEach(async () => {
  await worker?.stop()
  await test.close()
})

/** Runs a worker until the queue is empty. */
async function work(mails: Mails = plainMails): Promise<void> {
  const transport = async (mail: OutgoingMail): Promise<void> => void sent.push(mail)
  worker = await runWorker({ sigra: { edge: { runtime: test.runtime } }, mails, transport, intervals })
  await eventually(async () => expect(await test.rows(sql`select from graphile_worker.jobs`)).toEqual([]))
}

const whyDropped = () =>
  test.logged.filter(({ event }) => event === 'mail.dropped').map(({ fields }) => fields['reason'])

/** The same browser, somewhere else. */
const moved = (browser: TestCaller): TestCaller => ({
  ...browser,
  clientAddress: createDistantBrowser().clientAddress,
})

const linkOf = ({ text }: OutgoingMail) => /log-in\/(?<token>[\w-]+)/.exec(text)?.groups?.['token'] ?? ''
const isAlive = async (token: string) =>
  (await getUserByMagicLinkToken(test.runtime, createTestCaller(), token)) !== null

describe('a backlog', () => {
  it('ends in one living link for a browser that asked again and again while no worker ran (TOK-05)', async () => {
    const browser = createDistantBrowser()
    for (let n = 0; n < 6; n++) {
      await deliverUserLogInInstructions(test.runtime, moved(browser), { email: user.email })
      await deliverUserResetPasswordInstructions(test.runtime, moved(browser), { email: user.email })
    }
    await work()
    expect(sent.map(({ subject }) => subject).toSorted()).toEqual([
      'magicLink of Acme',
      'resetPassword of Acme',
    ])
    const link = sent.find(({ subject }) => subject.startsWith('magicLink'))
    expect(link && (await isAlive(linkOf(link)))).toBe(true)
  })

  it('ends in the living link of its owner, whoever else asked meanwhile (TOK-05, EML-10)', async () => {
    const home = createDistantBrowser()
    await knowBrowser(test, user, home)
    const stranger = createDistantBrowser()
    await deliverUserLogInInstructions(test.runtime, home, { email: user.email })
    for (let n = 0; n < 15; n++) {
      const from = n % 2 === 0 ? createDistantBrowser() : moved(stranger)
      await deliverUserLogInInstructions(test.runtime, from, { email: user.email })
    }
    await work()
    const [own] = await test.rows<{ n: number }>(sql`
      select count(*)::int as n from users_tokens t join user_known_browsers b using (browser_hash)
      where t.superseded_at is null and t.used_at is null`)
    expect(own).toEqual({ n: 1 })
    const alive = await Promise.all(sent.map((mail) => isAlive(linkOf(mail))))
    expect(alive.filter(Boolean)).toHaveLength(5)
  })
})

/** A mail whose words take as long as it takes to do something to the account. */
function whileWriting(kind: MailKind, change: () => Promise<unknown>): Mails {
  let isDone = false
  const hold = async () => {
    const isFirst = !isDone
    isDone = true
    if (isFirst) await change()
    return createElement('p', null, 'written')
  }
  const template = () => ({ subject: kind, body: createElement('html', null, createElement(hold)) })
  return { ...plainMails, [kind]: template }
}

describe('a mail that is no longer wanted once it is written', () => {
  const askForLink = (browser: TestCaller) => () =>
    deliverUserLogInInstructions(test.runtime, browser, { email: user.email })
  const askForReset = () =>
    deliverUserResetPasswordInstructions(test.runtime, createDistantBrowser(), { email: user.email })
  const changeAddress = () =>
    test.rows(sql`update users set email_canonical = 'other@example.com' where id = ${user.id}`)
  const changePassword = () => test.rows(sql`update users set password_changed_at = clock_timestamp()`)
  const removeUser = () => test.rows(sql`delete from users`)
  const confirm = () => test.rows(sql`update users set confirmed_at = clock_timestamp()`)
  const password = 'Tulpen im Regen, 1987'
  const register = () =>
    registerUser(test.runtime, createDistantBrowser(), { email: 'new@example.com', password })
  const registerKnown = () =>
    registerUser(test.runtime, createDistantBrowser(), { email: user.email, password })

  async function notify(kind: 'passwordChanged' | 'signInBlocked'): Promise<void> {
    const address = parseEmail(user.email)?.canonical
    if (!address) throw new Error('an address')
    await inTransaction(test.runtime, async (tx) => {
      const entry = { action: 'auth.password_changed', outcome: 'success', subjectId: user.id } as const
      const eventId = await recordAuditEvent(tx, createTestCaller(), entry)
      await enqueueNotice(tx, kind, { address, eventId })
    })
  }

  const cases: [MailKind, string, () => Promise<unknown>, () => Promise<unknown>, string][] = [
    ['resetPassword', 'its password was changed', askForReset, changePassword, 'account changed since'],
    ['resetPassword', 'the address is another’s', askForReset, changeAddress, 'no such user'],
    ['magicLink', 'the user is gone', () => askForLink(createDistantBrowser())(), removeUser, 'no such user'],
    ['confirmAddress', 'the address was confirmed', register, confirm, 'already confirmed'],
    ['alreadyRegistered', 'the user is gone', registerKnown, removeUser, 'no such user'],
    [
      'passwordChanged',
      'the address is another’s',
      () => notify('passwordChanged'),
      changeAddress,
      'no such user',
    ],
    ['signInBlocked', 'the user is gone', () => notify('signInBlocked'), removeUser, 'no such user'],
    ['resetPassword', 'it is too old', askForReset, async () => test.advance({ minutes: 61 }), 'too late'],
    [
      'passwordChanged',
      'its link is too old',
      () => notify('passwordChanged'),
      async () => test.advance({ days: 8 }),
      'link used or too old',
    ],
  ]
  it.each(cases)('is dropped: %s, where %s (EML-07)', async (kind, _, enqueue, change, reason) => {
    await enqueue()
    await work(whileWriting(kind, change))
    expect(sent.map(({ subject }) => subject)).not.toContain(kind)
    expect(whyDropped()).toContain(reason)
  })

  it('is dropped where its browser has asked anew, and that mail came first (TOK-05)', async () => {
    const browser = createDistantBrowser()
    await askForLink(browser)()
    // The newer one overtakes it: the first is held until the second has gone out.
    const overtake = async () => {
      await askForLink(moved(browser))()
      await eventually(() => expect(sent).toHaveLength(1))
    }
    await work(whileWriting('magicLink', overtake))
    expect(sent).toHaveLength(1)
    expect(whyDropped()).toEqual(['link used or superseded'])
  })
})
