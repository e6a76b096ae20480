import { parseKeyRing } from '@sigra/core'
import {
  inTransaction,
  mailKindsOf,
  openValue,
  parseMailPayload,
  recordAuditEvent,
  sealSecretsAnew,
  sealValue,
  sql,
} from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { createTestUser } from '../../mikro-orm/src/testing/index.ts'
import { knownAreas } from '../../mikro-orm/src/areas.ts'
import { completeSignIn } from '../../mikro-orm/src/door/complete-sign-in.ts'
import { proveEmail } from '../../mikro-orm/src/door/proof.ts'
import { toUserId } from '../../mikro-orm/src/user-id.ts'
import { createTestCaller, nextRequest } from '../../mikro-orm/src/testing/test-caller.ts'
import { readQueue } from '../../mikro-orm/src/testing/test-mail.ts'
import { makeDue } from '../../mikro-orm/src/testing/test-due-user.ts'
import { receiveNotice } from '../../mikro-orm/src/testing/test-notice.ts'
import { getUserByNotMeToken } from '../../mikro-orm/src/not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../../mikro-orm/src/not-me/secure-user.ts'
import { getUserSecondFactorState } from '../../mikro-orm/src/second-factor/get-user-second-factor-state.ts'
import { runUserDeletions } from '../../mikro-orm/src/deletion/run-user-deletions.ts'
import { sweepExpired } from '../../mikro-orm/src/sweeps/sweep-expired.ts'
import { listUserPasskeys } from '../../mikro-orm/src/passkeys/list-user-passkeys.ts'
import { removeUserPasskey } from '../../mikro-orm/src/passkeys/remove-user-passkey.ts'
import { enrolTestPasskey } from '../../mikro-orm/src/testing/passkeys/test-passkey.ts'
import { signInTestUser } from '../../mikro-orm/src/testing/test-session.ts'
import { routedPath } from './request/own-route.ts'
import { createToyApp, toyKeys, type Person, type ToyApp } from './testing-only/toy-app.ts'

let app: ToyApp
let base: ToyApp['base']
let test: ToyApp['test']
let runtime: ToyApp['runtime']
let sigra: ToyApp['sigra']
let handle: ToyApp['handle']
let win: ToyApp['win']

beforeAll(async () => {
  app = await createToyApp()
  ;({ base, test, runtime, sigra, handle, win } = app)
})
beforeEach(() => app.base.rows(sql`delete from sigra_limits`)) // all from one address
afterAll(() => app.close())

const noticeOf = (user: { email: string }, targetId: string): Promise<string> =>
  Reflect.apply(receiveNotice, null, [test, user, 'trophyWon', { action: 'trophy.won', targetId }])

describe('an area that no file of the library knows', () => {
  it('stands behind the areas that the library lists, and needs them', () => {
    expect(runtime.areas.map(({ declaration }) => declaration)).toEqual([...knownAreas, handle.declaration])
  })

  it('has its API, typed by the session’s user of the app', async () => {
    const trophies = sigra.area(handle)
    expectTypeOf(trophies.ofWhom).returns.resolves.toEqualTypeOf<Person | null>()
    expect(await trophies.ofWhom({ request: new Request('https://app.test/') })).toBeNull()
  })

  it('has its routes among ours, with their strict rules', () => {
    const { ownRoutes, greetingRoutes } = sigra.edge.settings
    expect(ownRoutes.has(routedPath('/Users/settings/trophies.data'))).toBe(true)
    expect(ownRoutes.has(routedPath('/Trophies/won.data'))).toBe(true)
    expect(ownRoutes.has('/trophies')).toBe(false)
    expect(greetingRoutes.has('/trophies/won')).toBe(true)
  })

  it('has its columns among those that readiness asks for', () => {
    const columns = runtime.areas.flatMap((area) => area.columns)
    expect(columns).toContainEqual({ table: '"user_trophies"', column: 'worn_out' })
  })

  it('has its mail among those an app must have a template for, and its jobs are understood', async () => {
    expect(mailKindsOf(runtime.areas)).toContain('trophyWon')
    expect(mailKindsOf(base.runtime.areas)).not.toContain('trophyWon')
    const user = await createTestUser(test)
    await noticeOf(user, await win(user.id))
    expect(await readQueue(test)).toEqual([])
    const job = { kind: 'trophyWon', keyId: 'k1', selector: 'AAAAAAAAAAAAAAAAAAAAAA' }
    expect(parseMailPayload(job, base.runtime)).toBeNull() // retried: a process that has the area will read it
  })

  it('has its credential among the factors of a person', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    expect(await getUserSecondFactorState(runtime, browser)).toMatchObject({ areaFactors: [] })
    await win(user.id)
    expect(await getUserSecondFactorState(runtime, browser)).toMatchObject({ areaFactors: ['trophy'] })
  })

  it('PK-15: has its credential stand for the last way to sign in, as long as it counts', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    const { id: passkeyId } = await enrolTestPasskey(test, browser)
    await test.rows(sql`update users set hashed_password = null where id = ${user.id}`)
    const isLastWay = async () =>
      (await listUserPasskeys(runtime, browser)).map((passkey) => passkey.isLastWay)
    const remove = () => removeUserPasskey(runtime, browser, { passkeyId })

    await test.rows(sql`update user_trophies set worn_out = true where id = ${await win(user.id)}`)
    await win((await createTestUser(test)).id)
    expect([await isLastWay(), await remove()]).toEqual([[true], { ok: false, reason: 'last-way' }])
    await test.rows(sql`delete from user_trophies where user_id = ${user.id}`)
    await win(user.id)
    expect([await isLastWay(), await remove()]).toEqual([[false], { ok: true }])
  })

  it.each(['anonymise', 'hard', 'soft'] as const)(
    'removes what it keeps when an account is deleted, by %s',
    async (strategy) => {
      const user = await createTestUser(test)
      await win(user.id)
      await makeDue(test, user, -1)
      const { policy } = runtime
      const deletion = { ...policy.deletion, strategy }
      expect(await runUserDeletions({ ...runtime, policy: { ...policy, deletion } })).toMatchObject({
        deleted: 1,
        failed: 0,
      })
      expect(await test.rows(sql`select from user_trophies where user_id = ${user.id}`)).toEqual([])
    },
  )

  it('has its credential taken away by “This wasn’t me”, which says so before', async () => {
    const user = await createTestUser(test)
    const token = await noticeOf(user, await win(user.id))
    await win(user.id)
    expect(await getUserByNotMeToken(runtime, createTestCaller(), token)).toMatchObject({
      removes: ['password', 'trophy'],
      action: 'trophy.won',
    })
    expect(await secureUser(runtime, createTestCaller(), { token })).toEqual({ ok: true })
    expect(await test.rows(sql`select from user_trophies where user_id = ${user.id}`)).toHaveLength(1)
  })

  it('has its rows swept', async () => {
    const user = await createTestUser(test)
    await win(user.id)
    await test.rows(sql`update user_trophies set worn_out = true where user_id = ${user.id}`)
    expect(await sweepExpired(runtime)).toMatchObject({ trophies: 1, challenges: 0 })
  })

  it('has what it sealed moved to the current key, each value bound to its row', async () => {
    const user = await createTestUser(test)
    const [one, other] = [await win(user.id), await win(user.id)]
    const place = runtime.areas.flatMap(({ sealed }) => sealed)[0]
    if (!place) throw new Error('a sealed column')
    const secret = new TextEncoder().encode('for Ada')
    await test.rows(sql`update user_trophies set engraving = ${sealValue(parseKeyRing(toyKeys.older), place, one, secret)}
      where id = ${one}`)
    expect(await sealSecretsAnew(runtime)).toEqual({ sealed: 1, unreadable: 0 })

    const [row] = await test.rows<{ sealed: string }>(
      sql`select engraving as sealed from user_trophies where id = ${one}`,
    )
    const open = (id: string) => openValue(parseKeyRing(toyKeys.newer), place, id, row?.sealed ?? '')
    expect(open(one)).toEqual(secret)
    expect(open(other)).toBeNull()
  })

  it('says in the audit log what its actions may say, and no other action may', async () => {
    const lines = await inTransaction(runtime, async (tx) => {
      const metadata = { medal: 'gold', anything: 'else', method: 'race' }
      const entry = { outcome: 'success', metadata } as const
      return Promise.all([
        Reflect.apply(recordAuditEvent, null, [tx, createTestCaller(), { ...entry, action: 'trophy.won' }]),
        recordAuditEvent(tx, createTestCaller(), { ...entry, action: 'auth.confirm' }),
      ])
    })
    const rows = await test.rows(
      sql`select metadata from audit_events where id::text = any(${lines}) order by action`,
    )
    expect(rows).toEqual([{ metadata: { method: 'race' } }, { metadata: { medal: 'gold', method: 'race' } }])
  })

  it('gives sudo to a sign-in that proved what it asks for, by its name in log and session', async () => {
    const user = await createTestUser(test)
    const browser = createTestCaller()
    await inTransaction(runtime, (tx) =>
      Reflect.apply(completeSignIn, null, [
        tx,
        browser,
        proveEmail(toUserId(user.id)),
        { method: 'trophy', remembered: false },
      ]),
    )
    expect((await nextRequest(runtime, browser)).session).toMatchObject({
      hasSudo: true,
      sudoMethod: 'trophy',
    })
    const [line] = await test.rows(sql`select metadata->>'method' as method from audit_events
      where action = 'auth.log_in' and subject_id = ${user.id}`)
    expect(line).toEqual({ method: 'trophy' })
  })
})
