import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import { requireUserSecondStep } from '../second-factor/require-user-second-step.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import { createTestCaller, createTestRuntime, nextRequest, type TestRuntime } from '../testing/index.ts'
import { deliverMail, findMail } from '../testing/test-mail.ts'
import {
  createFreshBrowser,
  createPasskeyUser,
  enrolTestPasskey,
  type PasskeyUser,
} from '../testing/passkeys/test-passkey.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { listUserPasskeys } from './list-user-passkeys.ts'
import { removeUserPasskey } from './remove-user-passkey.ts'
import { renameUserPasskey } from './rename-user-passkey.ts'

let test: TestRuntime
let ada: PasskeyUser
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...cheapHashing, ...generousLimits } })
})
afterAll(() => test.close())
beforeEach(async () => {
  ada = await createPasskeyUser(test)
})

const unknown = { ok: false, reason: 'unknown' }
const dropPassword = () => test.rows(sql`update users set hashed_password = null where id = ${ada.user.id}`)
const remove = (passkeyId: unknown, browser = ada.browser) =>
  removeUserPasskey(test.runtime, browser, { passkeyId })
const rename = (passkeyId: unknown, nickname: unknown, browser = ada.browser) =>
  renameUserPasskey(test.runtime, browser, { passkeyId, nickname })
const names = async () => (await listUserPasskeys(test.runtime, ada.browser)).map(({ nickname }) => nickname)

describe('listUserPasskeys', () => {
  it('shows nobody’s to a stranger or to a sign-in that waits', async () => {
    expect(await listUserPasskeys(test.runtime, createTestCaller())).toEqual([])
    await test.rows(sql`update users set require_second_step = true where id = ${ada.user.id}`)
    const pending = await signInTestUser(test, ada.user, createFreshBrowser())
    expect(pending.session?.awaiting).toBe('second-factor')
    expect(await listUserPasskeys(test.runtime, pending)).toEqual([])
  })

  it('says which one is the last way in', async () => {
    const isLastWay = async () =>
      (await listUserPasskeys(test.runtime, ada.browser)).map((passkey) => passkey.isLastWay)
    expect(await isLastWay()).toEqual([false])
    await dropPassword()
    expect(await isLastWay()).toEqual([true])
    await enrolTestPasskey(test, ada.browser)
    expect(await isLastWay()).toEqual([false, false])
  })
})

describe('renameUserPasskey', () => {
  it('gives it another name', async () => {
    expect(await rename(ada.passkey.id, ' Grey key ')).toEqual({ ok: true })
    expect(await names()).toEqual(['Grey key'])
  })

  it.each([[''], [' '], [7], [null], ['x'.repeat(2000)], ['evil.example/login']])(
    'INJ-05: refuses %j as a name',
    async (nickname) => {
      expect(await rename(ada.passkey.id, nickname)).toEqual({ ok: false, reason: 'bad-name' })
      expect(await names()).toEqual(['Passkey'])
    },
  )

  it('PK-14: does not know other people’s', async () => {
    const eve = await createPasskeyUser(test)
    for (const id of [eve.passkey.id, 'x', '', '\0', null, 7, [ada.passkey.id], `${ada.passkey.id}'`]) {
      expect(await rename(id, 'Mine now')).toEqual(unknown)
      expect(await remove(id)).toEqual(unknown)
    }
    expect(await listUserPasskeys(test.runtime, eve.browser)).toMatchObject([{ nickname: 'Passkey' }])
  })

  it('is for who just proved who they are', async () => {
    test.advance({ minutes: 11 })
    await nextRequest(test.runtime, ada.browser)
    await expect(rename(ada.passkey.id, 'x')).rejects.toThrow(SudoRequired)
    await expect(remove(ada.passkey.id)).rejects.toThrow(SudoRequired)
    await expect(remove(ada.passkey.id, createTestCaller())).rejects.toThrow(SudoRequired)
  })
})

describe('removeUserPasskey', () => {
  it('SESS-10, TB-03: ends what could act under it, renews this session and tells the owner', async () => {
    const there = await signInTestUser(test, ada.user, createFreshBrowser())
    await test.rows(sql`
      update user_known_browsers set trusted_until = now() + interval '1 day', trust_hash = sha256('x')
      where user_id = ${ada.user.id}`)
    const former = ada.browser.sessionToken
    expect(await remove(ada.passkey.id)).toEqual({ ok: true })
    expect(former && (await resolveSession(test.runtime, former))).toBeNull()
    expect((await nextRequest(test.runtime, there)).session).toBeNull()
    expect((await nextRequest(test.runtime, ada.browser)).session).toMatchObject({ hasSudo: true })
    expect(
      await test.rows(
        sql`select from user_known_browsers where user_id = ${ada.user.id} and trusted_until is not null`,
      ),
    ).toEqual([])
    expect(await names()).toEqual([])
    expect(findMail(await deliverMail(test), 'passkeyRemoved').props).toMatchObject({ nickname: 'Passkey' })
  })

  it('takes the wish for a second step and its codes along where nothing is left to be asked for', async () => {
    const second = await enrolTestPasskey(test, ada.browser)
    await requireUserSecondStep(test.runtime, ada.browser)
    await nextRequest(test.runtime, ada.browser)
    const left = () =>
      test.rows(sql`
        select u.require_second_step as wished, count(c.id)::int as codes
        from users u left join user_backup_codes c on c.user_id = u.id where u.id = ${ada.user.id} group by u.id`)
    expect(await remove(ada.passkey.id)).toEqual({ ok: true })
    expect(await left()).toEqual([{ wished: true, codes: 10 }])
    await nextRequest(test.runtime, ada.browser)
    expect(await remove(second.id)).toEqual({ ok: true })
    expect(await left()).toEqual([{ wished: false, codes: 0 }])
  })

  it('PK-15: keeps the last way to sign in', async () => {
    await dropPassword()
    expect(await remove(ada.passkey.id)).toEqual({ ok: false, reason: 'last-way' })
    expect(await names()).toHaveLength(1)
    const second = await enrolTestPasskey(test, ada.browser)
    expect(await remove(ada.passkey.id)).toEqual({ ok: true })
    await nextRequest(test.runtime, ada.browser)
    expect(await remove(second.id)).toEqual({ ok: false, reason: 'last-way' })
  })

  it('does nothing for a session that ended meanwhile', async () => {
    await test.rows(sql`delete from user_sessions where user_id = ${ada.user.id}`)
    await expect(remove(ada.passkey.id)).rejects.toThrow(SessionOvertaken)
    expect(await names()).toHaveLength(1)
  })
})
