import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { logInUserByPasskey } from '../passkeys/log-in-user-by-passkey.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { countBelongings, insertTotp } from '../testing/test-belongings.ts'
import { insertPasskey } from '../testing/passkeys/insert-passkey.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { answerLogIn, createPasskeyUser } from '../testing/passkeys/test-passkey.ts'
import { createTotpUser } from '../testing/test-second-factor.ts'
import { getUserByNotMeToken } from './get-user-by-not-me-token.ts'
import { secureUser } from './secure-user.ts'

const totpActivated = { action: 'mfa.activated', metadata: { method: 'totp' } } as const

describe.each(['uuid', 'bigint'] as const)('what “This wasn’t me” is about, with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const secure = (token: unknown) => secureUser(test.runtime, createTestCaller(), { token })
  const look = (token: unknown) => getUserByNotMeToken(test.runtime, createTestCaller(), token)
  const readUser = async ({ id }: TestUser) => {
    const [row] = await test.rows<Record<string, unknown>>(sql`select * from users where id = ${id}`)
    return row
  }

  it('PRE-03 removes the passkey the notice is about, and no other', async () => {
    const user = await createTestUser(test)
    const stranger = await createTestUser(test)
    const [own, added, foreign] = [
      await insertPasskey(test, user),
      await insertPasskey(test, user),
      await insertPasskey(test, stranger),
    ]
    const token = await receiveNotice(test, user, 'passkeyAdded', {
      action: 'passkey.added',
      targetId: added,
    })
    expect(await look(token)).toMatchObject({ action: 'passkey.added', removes: ['password', 'passkey'] })
    expect(await secure(token)).toEqual({ ok: true })
    expect(await test.rows(sql`select id::text as id from user_passkeys where user_id = ${user.id}`)).toEqual(
      [{ id: own }],
    )
    expect(findMail(await deliverMail(test), 'notMeDone').props.removed).toEqual(['password', 'passkey'])

    // An event that names somebody else's passkey takes nothing from them.
    const wrong = await receiveNotice(test, user, 'passkeyAdded', {
      action: 'passkey.added',
      targetId: foreign,
    })
    expect(await look(wrong)).toMatchObject({ removes: [] })
    await secure(wrong)
    expect((await countBelongings(test, stranger)).passkeys).toBe(1)
    // One that was copied goes, too: two people hold it.
    const copied = await receiveNotice(test, stranger, 'passkeyCopied', {
      action: 'passkey.counter_regressed',
      targetId: foreign,
    })
    await secure(copied)
    expect((await countBelongings(test, stranger)).passkeys).toBe(0)
    const removal = await receiveNotice(test, user, 'passkeyRemoved', {
      action: 'passkey.removed',
      targetId: own,
    })
    await secure(removal)
    expect((await countBelongings(test, user)).passkeys).toBe(1)
  })

  it('PRE-03 shuts out an intruder’s passkey, by the mail its adding sent', async () => {
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    const { passkey, user } = await createPasskeyUser(test)
    const { props } = findMail(await deliverMail(test), 'passkeyAdded')
    const signIn = async (browser = createTestCaller()) => {
      const response = await answerLogIn(test, browser, passkey)
      return logInUserByPasskey(test.runtime, browser, { response })
    }
    expect(await signIn()).toMatchObject({ ok: true })
    expect(await secure(tokenOf(props.notMeUrl))).toEqual({ ok: true })
    expect(await signIn()).toMatchObject({ ok: false })
    expect((await countBelongings(test, user)).sessions).toBe(0)
  })

  it('removes an authenticator app, with its backup codes, by the notice of its activation only', async () => {
    const user = await createTestUser(test)
    await insertTotp(test, user)
    const token = await receiveNotice(test, user, 'secondFactorAdded', totpActivated)
    const signIn = await receiveNotice(test, user, 'newSignIn', { action: 'security.new_browser' })
    await secure(signIn)
    expect(await countBelongings(test, user)).toMatchObject({ totp: 1, codes: 1 })
    expect(await look(token)).toMatchObject({ removes: ['second-factor'] })
    expect(await secure(token)).toEqual({ ok: true })
    expect((await countBelongings(test, user)).totp).toBe(0)
    expect((await countBelongings(test, user)).codes).toBe(0)
    expect(findMail(await deliverMail(test), 'notMeDone').props.removed).toEqual(['second-factor'])
  })

  it('removes an app that was just activated, by the mail its activation sent', async () => {
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    const { user } = await createTotpUser(test)
    const { props } = findMail(await deliverMail(test), 'secondFactorAdded')
    expect(await secure(tokenOf(props.notMeUrl))).toEqual({ ok: true })
    expect([(await countBelongings(test, user)).totp, (await countBelongings(test, user)).codes]).toEqual([
      0, 0,
    ])
    test.advance({ milliseconds: -test.runtime.clockOffset() })
  })

  it('leaves an authenticator app that is older than 72 hours, or that was activated after the notice', async () => {
    const [early, late, anew] = [
      await createTestUser(test),
      await createTestUser(test),
      await createTestUser(test),
    ]
    const tokens = []
    for (const user of [early, late, anew]) {
      await insertTotp(test, user)
      tokens.push(await receiveNotice(test, user, 'secondFactorAdded', totpActivated))
    }
    await test.rows(sql`
      update user_totp set activated_at = clock_timestamp() + interval '1 minute' where user_id = ${anew.id}`)
    test.advance({ hours: 71, minutes: 59 })
    await secure(tokens[0])
    expect((await countBelongings(test, early)).totp).toBe(0)
    test.advance({ minutes: 2 })
    expect(await look(tokens[1])).toMatchObject({ removes: ['password'] })
    expect(await secure(tokens[1])).toEqual({ ok: true })
    expect((await countBelongings(test, late)).totp).toBe(1)
    expect((await countBelongings(test, late)).codes).toBe(1)
    test.advance({ hours: -72, minutes: -1 })
    await secure(tokens[2])
    expect((await countBelongings(test, anew)).totp).toBe(1)
  })

  it('forgets the wish for a second step, and its codes, where nothing is left to be asked for', async () => {
    const user = await createTestUser(test)
    await insertTotp(test, user)
    await test.rows(sql`delete from user_totp where user_id = ${user.id}`)
    const added = await insertPasskey(test, user)
    await test.rows(sql`update users set require_second_step = true where id = ${user.id}`)
    const token = await receiveNotice(test, user, 'passkeyAdded', {
      action: 'passkey.added',
      targetId: added,
    })
    await secure(await receiveNotice(test, user))
    expect((await countBelongings(test, user)).codes).toBe(1)
    await secure(token)
    expect((await countBelongings(test, user)).codes).toBe(0)
    expect(await readUser(user)).toMatchObject({ require_second_step: false })
  })

  it('MFA-07 ends the backup codes that somebody else made, saw or used, and not those made since', async () => {
    const about = [
      ['backupCodesReplaced', { action: 'mfa.codes_regenerated' }],
      ['backupCodeUsed', { action: 'mfa.backup_code_used' }],
      ['sudoRecovery', { action: 'session.sudo', metadata: { method: 'backup-code' } }],
      ['secondFactorRemoved', { action: 'mfa.disabled', metadata: { method: 'totp' } }],
      ['secondFactorAdded', { action: 'mfa.activated', metadata: { method: 'second-step' } }],
    ] as const
    for (const [kind, entry] of about) {
      const user = await createTestUser(test)
      await insertTotp(test, user)
      const token = await receiveNotice(test, user, kind, entry)
      expect(await look(token)).toMatchObject({ removes: ['password', 'backup-codes'] })
      expect(await secure(token)).toEqual({ ok: true })
      expect(await countBelongings(test, user)).toMatchObject({ totp: 1, codes: 0 })
      expect(findMail(await deliverMail(test), 'notMeDone').props).toMatchObject({
        removed: ['password', 'backup-codes'],
      })

      const careful = await createTestUser(test)
      const late = await receiveNotice(test, careful, kind, entry)
      await insertTotp(test, careful)
      expect(await look(late)).toMatchObject({ removes: ['password'] })
      await secure(late)
      expect(await countBelongings(test, careful)).toMatchObject({ totp: 1, codes: 1 })
    }
  })

  it('works in an app without passkeys', async () => {
    const user = await createTestUser(test)
    const runtime = { ...test.runtime, areas: [] }
    const kept = await insertPasskey(test, user)
    const token = await receiveNotice(test, user, 'passkeyAdded', { action: 'passkey.added', targetId: kept })
    expect(await getUserByNotMeToken(runtime, createTestCaller(), token)).toMatchObject({
      removes: ['password'],
    })
    expect(await secureUser(runtime, createTestCaller(), { token })).toEqual({ ok: true })
    expect((await countBelongings(test, user)).passkeys).toBe(1)
  })
})
