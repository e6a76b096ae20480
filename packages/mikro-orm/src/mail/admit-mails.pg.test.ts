import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { deliverUserLogInInstructions } from '../magic-link/deliver-user-log-in-instructions.ts'
import { registerUser } from '../register/register-user.ts'
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
import { createTestEmail, testPassword } from '../testing/test-registration.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { admitMails } from './admit-mails.ts'
import type { Admission } from './mail-outcome.ts'
import type { MailPayload } from './mail-payload.ts'

describe.each(['uuid', 'bigint'] as const)('admitMails, with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  beforeEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const ask = (email: string, browser = createTestCaller()) =>
    deliverUserResetPasswordInstructions(test.runtime, browser, { email })

  async function createRequests(count: number): Promise<MailPayload[]> {
    for (let n = 0; n < count; n++) await ask((await createTestUser(test)).email)
    return readQueue(test)
  }

  async function countStatements(mails: readonly MailPayload[]): Promise<number> {
    return (await recordQueries(test.orm, () => admitMails(test.runtime, mails))).length
  }

  it('takes five statements for one mail, begin and commit included, and four for its next attempt', async () => {
    const mails = await createRequests(1)
    expect(await countStatements(mails)).toBe(5)
    expect(await countStatements(mails)).toBe(4)
  })

  it('takes no more for many: half a statement a mail among ten', async () => {
    const mails = await createRequests(10)
    expect(await countStatements(mails)).toBe(5)
    const rows = await test.rows(sql`select from users_tokens where selector is not null`)
    expect(rows.length).toBeGreaterThanOrEqual(10)
  })

  it('takes three for what is for nobody, and for a mail without a link', async () => {
    await ask(createTestEmail())
    expect(await countStatements(await readQueue(test))).toBe(3)
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    const { email } = await createTestUser(test)
    await registerUser(test.runtime, createTestCaller(), { email, password: testPassword })
    expect(await countStatements(await readQueue(test))).toBe(3)
  })

  it('answers each mail as if it were asked about alone, in their order', async () => {
    const people = [await createTestUser(test), await createTestUser(test), await createTestUser(test)]
    for (const { email } of people) await ask(email)
    await ask(createTestEmail())
    await deliverUserLogInInstructions(test.runtime, createTestCaller(), people[0] ?? { email: '' })
    await test.rows(
      sql`update users set password_changed_at = clock_timestamp() where email = ${people[1]?.email}`,
    )
    expect(await admitMails(test.runtime, await readQueue(test))).toEqual<Admission[]>([
      { to: people[0]?.email ?? '' },
      { drop: 'account changed since' },
      { to: people[2]?.email ?? '' },
      { drop: 'no such user' },
      { to: people[0]?.email ?? '' },
    ])
    expect(await readAudit(test, people[0]?.email ?? '')).toMatchObject([
      { action: 'auth.reset_requested' },
      { action: 'auth.magic_link_requested' },
    ])
    expect(await readAudit(test, people[1]?.email ?? '')).toEqual([])
  })

  it('TOK-05 ends, among mails of one browser that come together, all but the last', async () => {
    const { email } = await createTestUser(test)
    const browser = createTestCaller()
    const mails: MailPayload[] = []
    for (let n = 0; n < 3; n++) {
      await ask(email, browser)
      mails.push(...(await readQueue(test)))
      await test.rows(sql`delete from graphile_worker._private_jobs`)
    }
    expect(await admitMails(test.runtime, mails.toReversed())).toEqual([
      { to: email },
      { drop: 'link used or superseded' },
      { drop: 'link used or superseded' },
    ])
  })
})
