import { createRootSecret, parseKeyRing } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { knowBrowser } from '../testing/test-browser.ts'
import { deliverMail, readQueue } from '../testing/test-mail.ts'
import { cheapHashing } from '../testing/test-policy.ts'
import { attemptMail } from '../testing/attempt-mail.ts'

describe('a mailbox that is flooded from many networks', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: cheapHashing })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  /** Twenty of the mailbox, one that trickles, and one too many. */
  async function flood(user: TestUser): Promise<void> {
    for (let i = 0; i < 22; i++) await ask(user, createTestCaller({ clientAddress: `203.0.113.${i}` }))
  }

  const ask = (user: TestUser, browser: TestCaller) =>
    deliverUserResetPasswordInstructions(test.runtime, browser, { email: user.email })

  it('EML-10 gets twenty mails an hour and one of its kind that trickles; the rest is dropped, and audited once', async () => {
    const user = await createTestUser(test)
    await flood(user)
    const { dropped } = await deliverMail(test)
    expect(dropped).toEqual(['too many mails'])
    await flood(user)
    expect((await deliverMail(test)).sent).toHaveLength(0)
    const rows = await test.rows(
      sql`select metadata from audit_events where action = 'security.rate_limited'`,
    )
    expect(rows).toEqual([{ metadata: { limit: 'mail.recipient', identifier: expect.any(String) } }])
  })

  it('EML-10 does not charge a job twice', async () => {
    const user = await createTestUser(test)
    await ask(user, createTestCaller({ clientAddress: '198.51.100.1' }))
    const [mail] = await readQueue(test)
    if (!mail) throw new Error('no mail')
    for (let attempt = 1; attempt <= 30; attempt++) {
      expect(await attemptMail(test.runtime, mail)).toHaveProperty('send')
    }
  })

  it('EML-10 charges a job at whatever attempt comes that far, and drops it for good beyond', async () => {
    const user = await createTestUser(test)
    const networks = Array.from({ length: 25 }, (_, i) => `198.51.100.${100 + i}`)
    for (const clientAddress of networks) await ask(user, createTestCaller({ clientAddress }))
    const mails = await readQueue(test)
    // A rolling deploy: the first attempt finds no key, and charges nothing.
    const later = { ...test.runtime, ring: parseKeyRing(createRootSecret().replace('k1:', 'k9:')) }
    for (const mail of mails) {
      expect(await attemptMail(later, mail)).toEqual({ retry: 'unknown key id' })
    }
    const counts = async () => {
      const attempted = []
      for (const mail of mails.toReversed()) attempted.push(await attemptMail(test.runtime, mail))
      return attempted.filter((each) => 'drop' in each && each.drop === 'too many mails').length
    }
    expect(await counts()).toBe(4)
    expect(await counts()).toBe(4) // the same: who was charged goes on, who was dropped stays so
  })

  it('EML-10 still writes to its owner, who asks from a browser the account knows', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller({ clientAddress: '198.51.100.2' })
    await knowBrowser(test, user, browser)
    await flood(user)
    await deliverMail(test)
    await ask(user, browser)
    expect((await deliverMail(test)).sent).toMatchObject([{ to: user.email }])
  })
})
