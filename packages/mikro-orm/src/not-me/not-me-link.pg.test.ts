import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { requestMail } from '../mail/request-mail.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  type TestRuntime,
} from '../testing/index.ts'
import { countBelongings } from '../testing/test-belongings.ts'
import { insertPasskey } from '../testing/passkeys/insert-passkey.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { readAudit, snapshot } from '../testing/test-snapshot.ts'
import { getUserByNotMeToken } from './get-user-by-not-me-token.ts'
import { secureUser } from './secure-user.ts'

const invalid = { ok: false, reason: 'invalid-token' }
const newPassword = 'seven herons over the weir'

describe.each(['uuid', 'bigint'] as const)('the link “This wasn’t me” with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const secure = (token: unknown) => secureUser(test.runtime, createTestCaller(), { token })
  const look = (token: unknown) => getUserByNotMeToken(test.runtime, createTestCaller(), token)

  it('says whom and what it is about, and what will be taken away, and changes nothing', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    const before = await snapshot(test)
    expect(await look(token)).toEqual({
      maskedEmail: `${user.email[0]}•••@example.com`,
      action: 'auth.password_changed',
      occurredAt: expect.any(Date),
      removes: ['password'],
      restores: null,
      keepsAccount: false,
      comesBack: [],
    })
    expect(await snapshot(test)).toBe(before)
  })

  it('PRE-03 outlives every later change: the notice of one deed is not silenced by the next', async () => {
    const user = await createTestUser(test)
    const added = await insertPasskey(test, user)
    const token = await receiveNotice(test, user, 'passkeyAdded', {
      action: 'passkey.added',
      targetId: added,
    })
    const other = await receiveNotice(test, user)
    await requestMail(test.runtime, createTestCaller(), 'resetPassword', user.email)
    const reset = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
    await resetUserPassword(test.runtime, createTestCaller(), { token: reset, password: newPassword })
    expect(await secure(other)).toEqual({ ok: true })
    expect(await secure(token)).toEqual({ ok: true })
    expect((await countBelongings(test, user)).passkeys).toBe(0)
  })

  it('TOK-01 works once', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    expect(await secure(token)).toEqual({ ok: true })
    expect(await secure(token)).toEqual(invalid)
    expect(await look(token)).toBeNull()
    expect((await readAudit(test, user.email)).filter(({ action }) => action === 'auth.not_me')).toHaveLength(
      1,
    )
  })

  it('TOK-02 lives for seven days from the event, to the millisecond', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    await test.rows(sql`
      update users_tokens set expires_at = clock_timestamp() + interval '5 seconds' where user_id = ${user.id}`)
    test.advance({ milliseconds: 5001 })
    expect(await look(token)).toBeNull()
    expect(await secure(token)).toEqual(invalid)
    test.advance({ milliseconds: -5001 })
    expect(await secure(token)).toEqual({ ok: true })
  })

  it('TOK-04 is nothing once the address is another’s', async () => {
    const user = await createTestUser(test)
    const token = await receiveNotice(test, user)
    await test.rows(sql`update users set email_canonical = 'x' || email_canonical where id = ${user.id}`)
    expect(await look(token)).toBeNull()
    expect(await secure(token)).toEqual(invalid)
  })

  it('TOK-08 has one winner of sixteen', async () => {
    const total = await race('userToken.usedAt', {
      rounds: 10,
      prepare: async () => {
        const user = await createTestUser(test)
        return { user, token: await receiveNotice(test, user) }
      },
      attempt: async ({ token }) => (await secure(token)).ok,
      invariant: async ({ user }) => {
        const events = (await readAudit(test, user.email)).filter(({ action }) => action === 'auth.not_me')
        expect(events.filter(({ outcome }) => outcome === 'success')).toHaveLength(1)
        expect((await readQueue(test)).map(({ kind }) => kind)).toEqual(['notMeDone', 'resetPassword'])
      },
    })
    expect(total).toBe(10)
  })
})
