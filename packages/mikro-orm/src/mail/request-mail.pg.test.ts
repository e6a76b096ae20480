import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { deliverUserConfirmationInstructions } from '../confirm/deliver-user-confirmation-instructions.ts'
import { sql } from '../database/sql.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  recordQueries,
  type TestRuntime,
} from '../testing/index.ts'
import { readQueue } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import { snapshot } from '../testing/test-snapshot.ts'

const flows = { deliverUserConfirmationInstructions, deliverUserResetPasswordInstructions }

describe.each(Object.entries(flows))('%s', (_, flow) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  it('ENUM-06 sends the same statements for unknown, unconfirmed and confirmed addresses', async () => {
    const emails = [
      createTestEmail(),
      (await createTestUser(test, { confirmed: false })).email,
      (await createTestUser(test)).email,
    ]
    const seen = []
    for (const email of emails) {
      seen.push(await recordQueries(test.orm, () => flow(test.runtime, createTestCaller(), { email })))
      expect(await readQueue(test)).toHaveLength(seen.length)
    }
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  })

  it('ENUM-07 reads nothing about an account and waits for no mail: limits and one job', async () => {
    const { email } = await createTestUser(test)
    const statements = await recordQueries(test.orm, () => flow(test.runtime, createTestCaller(), { email }))
    expect(statements).toHaveLength(3)
    expect(statements.join('\n')).not.toMatch(/users/)
    expect(statements.at(-1)).toMatch(/add_job/)
  })

  it('MAIL-02 leaves nothing in the job that could be used', async () => {
    const { email } = await createTestUser(test)
    const browser = createTestCaller()
    await flow(test.runtime, browser, { email })
    const [mail] = await readQueue(test)
    expect(Object.keys(mail ?? {}).toSorted()).toEqual(
      [
        'address',
        'browserHash',
        'ip',
        'keyId',
        'kind',
        'mailId',
        'requestedAt',
        'requestId',
        'selector',
        'userAgent',
      ].toSorted(),
    )
    expect(JSON.stringify(mail)).not.toContain(browser.browserToken)
  })

  it('answers the same to what is no address, and writes nothing', async () => {
    const before = await snapshot(test)
    for (const email of [
      undefined,
      null,
      7,
      [],
      '',
      'jane',
      'jane@example.com\0',
      '\ud800@example.com',
      'x'.repeat(1e6),
    ]) {
      expect(await flow(test.runtime, createTestCaller(), { email })).toEqual({ ok: true })
    }
    expect(await snapshot(test)).toBe(before)
  })
})

describe('a mail that is asked for too often', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime()
  })
  afterAll(() => test.close())

  const ask = (email: string, clientAddress: string) =>
    deliverUserResetPasswordInstructions(test.runtime, createTestCaller({ clientAddress }), { email })

  it('EML-10 is silently left out from the fourth a minute of one network to one mailbox', async () => {
    for (let i = 0; i < 3; i++) await ask('jane@example.com', '192.0.2.1')
    const before = await snapshot(test)
    expect(await ask('jane+x@example.com', '192.0.2.1')).toEqual({ ok: true })
    expect(await snapshot(test)).toBe(before)
    expect(await readQueue(test)).toHaveLength(3)

    test.advance({ minutes: 2 })
    for (let i = 0; i < 3; i++) await ask('jane@example.com', '192.0.2.1')
    const queued = (await readQueue(test)).length
    test.advance({ minutes: 2 })
    await ask('jane@example.com', '192.0.2.1')
    expect(await readQueue(test)).toHaveLength(queued) // six an hour
  })

  it('EML-10 is refused aloud when one network asks for many mailboxes', async () => {
    for (let i = 0; i < 10; i++) expect(await ask(`p${i}@example.com`, '2001:db8::1')).toEqual({ ok: true })
    expect(await ask('p10@example.com', '2001:db8::2')).toEqual({
      ok: false,
      reason: 'limited',
      retryAfterSeconds: expect.any(Number),
    })
    expect(await ask('p10@example.com', '2001:db8:0:1::2')).toEqual({ ok: true })
  })
})
