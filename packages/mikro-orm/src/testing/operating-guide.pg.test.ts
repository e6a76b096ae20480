import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { createTestCaller, createTestRuntime, nextRequest, type TestRuntime } from './index.ts'
import { generousLimits } from './test-policy.ts'
import { createTotpUser, logInBrowser, type TestSecondFactor } from './test-second-factor.ts'

const guide = await readFile(new URL('../../../../docs/operating.md', import.meta.url), 'utf8')
const [section = ''] = guide.split('\n## A page for support\n')
const blocks = [...section.matchAll(/^```sql\n([^]*?)^```$/gm)].map(([, block = '']) => block)

describe('the guide on looking after accounts', () => {
  let test: TestRuntime
  let person: TestSecondFactor
  beforeAll(async () => {
    test = await createTestRuntime({ policy: generousLimits })
    person = await createTotpUser(test)
  })
  afterAll(() => test.close())

  /** The statements of the one block of this kind, about our person. */
  async function follow(kind: RegExp): Promise<readonly object[]> {
    const found = blocks.filter((block) => kind.test(block))
    expect(found).toHaveLength(1)
    const address = person.user.email.toLowerCase()
    const statements = found.join('').replaceAll('ada@example.com', address).split(';\n')
    let rows: readonly object[] = []
    for (const statement of statements.filter((text) => text.trim() !== ''))
      rows = await test.runtime.orm.em.getConnection().execute(statement.trim().replace(/;$/, ''))
    return rows
  }
  const logIn = async () => {
    const { email, password } = person.user
    return logInUser(test.runtime, createTestCaller(), { email, password })
  }
  const isAlive = async () => (await nextRequest(test.runtime, person.browser)).session !== null

  it('finds somebody, where they are logged in and what happened', async () => {
    expect(await follow(/password_locked_at/)).toEqual([expect.objectContaining({ id: person.user.id })])
    expect(await follow(/last_seen_at/)).toHaveLength(1)
    expect(await follow(/audit_events e join users/)).toContainEqual(
      expect.objectContaining({ action: 'mfa.activated' }),
    )
  })

  it('disables an account from the next request, and enables it again with its sessions', async () => {
    await follow(/disabled_at = now/)
    expect(await isAlive()).toBe(false)
    expect(await logIn()).toEqual({ ok: false, reason: 'disabled' })
    await follow(/disabled_at = null/)
    expect(await isAlive()).toBe(true)
  })

  it('logs somebody out everywhere', async () => {
    await follow(/^delete from user_sessions/)
    expect(await isAlive()).toBe(false)
  })

  it('takes every second factor away, and has the person set one up', async () => {
    await follow(/user_totp/)
    expect(await logIn()).toMatchObject({ ok: true, outcome: 'second-factor-enrolment-required' })
    expect(await test.rows(sql`select from user_backup_codes where user_id = ${person.user.id}`)).toEqual([])
  })

  it('requires two-step verification of one person', async () => {
    await test.rows(sql`update users set require_second_step = false where id = ${person.user.id}`)
    await follow(/require_second_step = true where/)
    expect(await logIn()).toMatchObject({ ok: true, outcome: 'second-factor-enrolment-required' })
  })

  it('has somebody choose a new password', async () => {
    await test.rows(sql`update users set require_second_step = false where id = ${person.user.id}`)
    await follow(/must_change_password = true/)
    const browser = await logInBrowser(test, person.user)
    expect(browser.session).toMatchObject({ awaiting: 'password-change' })
  })

  it('shows which deletion a table refused, and asks for one in somebody’s name', async () => {
    const line = { action: 'account.deletion_failed', outcome: 'failure', subjectId: person.user.id } as const
    await inTransaction(test.runtime, (tx) =>
      recordAuditEvent(tx, createTestCaller(), {
        ...line,
        metadata: { reason: '23503', table: 'projects' },
      }),
    )
    expect(await follow(/deletion_failed/)).toEqual([
      expect.objectContaining({ user_id: person.user.id, reason: '23503', table: 'projects' }),
    ])
    await follow(/delete_after = now/)
    expect(await isAlive()).toBe(false)
    expect(await test.rows(sql`select from users where delete_after is not null`)).toHaveLength(1)
  })
})
