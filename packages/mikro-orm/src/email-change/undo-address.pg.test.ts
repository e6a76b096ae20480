import type { CanonicalEmail } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { admitAddress } from '../addresses/admit-address.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, newId } from '../database/transaction.ts'
import { getUserByNotMeToken } from '../not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../not-me/secure-user.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { countBelongings } from '../testing/test-belongings.ts'
import { insertPasskey } from '../testing/passkeys/insert-passkey.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import { lockPendingChange, switchAddress, type SwitchResult } from './switch-address.ts'

const refused = { ok: false, reason: 'invalid-token' }

describe.each(['uuid', 'bigint'] as const)('an address that was changed, with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(async () => {
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    test.advance({ milliseconds: -test.runtime.clockOffset() })
  })
  afterAll(() => test.close())

  const secure = (token: unknown) => secureUser(test.runtime, createTestCaller(), { token })
  const look = (token: unknown) => getUserByNotMeToken(test.runtime, createTestCaller(), token)

  it('LIF-04 is given back by a notice to the old address, and the later ones are dead', async () => {
    const user = await createTestUser(test)
    const toFirst = await receiveNotice(test, user)
    const second = createTestEmail()
    expect(await change(user, second)).toBe('switched')
    const toSecond = await receiveNotice(test, { email: second })
    expect(await change(user, createTestEmail())).toBe('switched')
    expect(await secure(toFirst)).toEqual({ ok: true })
    expect(await addressOf(user)).toBe(user.email)
    expect(await secure(toSecond)).toEqual(refused)
    expect(await addressOf(user)).toBe(user.email)
  })

  it('LIF-04 is given back only as long as it is held, and never where the old mailbox is distrusted', async () => {
    const [late, distrustful] = [await createTestUser(test), await createTestUser(test)]
    const token = await receiveNotice(test, distrustful)
    await change(distrustful, createTestEmail(), { oldIsDistrusted: true })
    expect(await secure(token)).toEqual(refused)
    const lateToken = await receiveNotice(test, late)
    await change(late, createTestEmail(), { undoDays: 1 })
    test.advance({ days: 1, minutes: 1 })
    expect(await look(lateToken)).toBeNull()
    expect(await secure(lateToken)).toEqual(refused)
  })

  it('LIF-05 takes along what was added before it, by any of the notices around it', async () => {
    const user = await createTestUser(test)
    const own = await insertPasskey(test, user)
    const added = await insertPasskey(test, user)
    await test.rows(sql`
      update user_passkeys set created_at = created_at - interval '30 days' where id::text = ${own}`)
    const token = await receiveNotice(test, user, 'newSignIn', { action: 'security.new_browser' })
    expect(await look(token)).toMatchObject({ removes: ['password'] })
    await change(user, createTestEmail())
    expect(await look(token)).toMatchObject({ removes: ['password', 'passkey'] })
    expect(await secure(token)).toEqual({ ok: true })
    expect(await addressOf(user)).toBe(user.email)
    expect(added).not.toBe(own)
    expect(await test.rows(sql`select id::text as id from user_passkeys where user_id = ${user.id}`)).toEqual(
      [{ id: own }],
    )
    expect((await countBelongings(test, user)).sessions).toBe(0)
  })

  it('LIF-03 is held for its owner, and the new one goes to one person', async () => {
    const [user, other, third] = [
      await createTestUser(test),
      await createTestUser(test),
      await createTestUser(test),
    ]
    expect(await change(third, other.email)).toBe('taken')
    expect(await addressOf(third)).toBe(third.email)
    const next = createTestEmail()
    expect(await change(user, next)).toBe('switched')
    const admit = (userId: TestUser['id'] | null) =>
      inTransaction(test.runtime, (tx) => admitAddress(tx, user.canonical, { way: 'registration', userId }))
    expect(await admit(null)).toEqual({ ok: false, reason: 'held' })
    expect(await admit(user.id)).toMatchObject({ ok: true })
  })

  async function change(
    user: TestUser,
    next: string,
    { undoDays = 7, oldIsDistrusted = false } = {},
  ): Promise<SwitchResult> {
    class Undone extends Error {}
    await inTransaction(test.runtime, (tx) =>
      tx.rows(sql`
        insert into user_email_changes (id, user_id, old_email, old_email_canonical, new_email, new_email_canonical,
          old_is_distrusted, suspect_since, requested_at, expires_at)
        select ${newId(tx, tx.tables.userEmailChange)}, u.id, u.email, u.email_canonical, ${next}, ${next},
          ${oldIsDistrusted}, ${tx.now} - interval '72 hours', ${tx.now}, ${tx.now} + interval '1 day'
        from users u where u.id = ${user.id}`),
    )
    let result: SwitchResult = 'gone'
    await inTransaction(test.runtime, async (tx) => {
      const pending = await lockPendingChange(tx, user.id)
      if (pending) result = await switchAddress(tx, user.id, { change: pending, undoDays })
      if (result !== 'switched') throw new Undone()
    }).catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error
    })
    return result
  }

  async function addressOf({ id }: TestUser): Promise<CanonicalEmail | undefined> {
    const [row] = await test.rows<{ email: CanonicalEmail }>(sql`select email from users where id = ${id}`)
    return row?.email
  }
})
