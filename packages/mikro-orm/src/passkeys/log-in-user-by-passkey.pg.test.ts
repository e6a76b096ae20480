import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CeremonyChanges } from '@sigra/core/testing'
import { sql, type Sql } from '../database/sql.ts'
import { createTestRuntime, nextRequest, recordQueries, type TestRuntime } from '../testing/index.ts'
import {
  answerEnrolment,
  answerLogIn,
  createFreshBrowser,
  createPasskeyUser,
  type PasskeyUser,
} from '../testing/passkeys/test-passkey.ts'
import { deliverMail, findMail } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { removeUserPasskey } from './remove-user-passkey.ts'
import { addUserPasskey } from './add-user-passkey.ts'
import { createPasskeyLogIn, logInUserByPasskey } from './log-in-user-by-passkey.ts'

let test: TestRuntime
let ada: PasskeyUser
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...cheapHashing, ...generousLimits } })
})
afterAll(() => test.close())
beforeEach(async () => {
  ada = await createPasskeyUser(test)
})

const refused = { ok: false, reason: 'invalid-passkey' }
const set = (change: Sql) => test.rows(sql`update users set ${change} where id = ${ada.user.id}`)
const logIn = async (changes?: CeremonyChanges, browser = createFreshBrowser(), rememberMe = false) => {
  const response = await answerLogIn(test, browser, ada.passkey, changes)
  return logInUserByPasskey(test.runtime, browser, { response, rememberMe })
}
const lines = (action: string) =>
  test.rows<{ outcome: string; targetId: string | null; metadata: Record<string, unknown> }>(sql`
    select outcome, target_id as "targetId", metadata from audit_events
    where subject_id = ${ada.user.id} and action = ${action} order by occurred_at, id`)
const reasons = async () => (await lines('auth.log_in_failed')).map(({ metadata }) => metadata['reason'])

describe('logInUserByPasskey', () => {
  it('signs in with two factors, and says in the audit log by which passkey', async () => {
    const browser = createFreshBrowser()
    expect(await logIn({}, browser)).toEqual({ ok: true, outcome: 'signed-in', userId: ada.user.id })
    const { session } = await nextRequest(test.runtime, browser)
    expect(session).toMatchObject({ aal: 2, amr: ['pop', 'user'], hasSudo: true, sudoMethod: 'passkey' })
    expect(browser).toMatchObject({ remembered: false, maxAgeSeconds: null })
    expect(await lines('passkey.used')).toMatchObject([{ outcome: 'success', targetId: ada.passkey.id }])
    expect((await lines('auth.log_in')).at(-1)).toMatchObject({ metadata: { method: 'passkey' } })
    const [row] = await test.rows<{ used: boolean }>(
      sql`select last_used_at is not null as used from user_passkeys where id = ${ada.passkey.id}`,
    )
    expect(row).toEqual({ used: true })
  })

  it('remembers where that was asked for', async () => {
    const browser = createFreshBrowser()
    await logIn({}, browser, true)
    expect(browser).toMatchObject({ remembered: true, maxAgeSeconds: 60 * 86_400 })
  })

  it('MFA-01: needs no second step where one is on: it is two by itself', async () => {
    await set(sql`require_second_step = true`)
    await test.rows(sql`
      insert into user_backup_codes (id, user_id, lookup_prefix, code_hash, created_at)
      values (gen_random_uuid(), ${ada.user.id}, 'x', 'x', now())`)
    expect(await logIn()).toMatchObject({ outcome: 'signed-in' })
  })

  it('is asked to enrol or to change the password like everybody', async () => {
    await set(sql`must_change_password = true`)
    expect(await logIn()).toMatchObject({ outcome: 'password-change-required' })
    await set(sql`require_second_step = true`)
    expect(await logIn()).toMatchObject({ outcome: 'second-factor-enrolment-required' })
  })

  it('ENUM-11: asks everybody the same, with an empty list of passkeys', async () => {
    const options = await createPasskeyLogIn(test.runtime, createFreshBrowser())
    expect(options).toEqual({
      challenge: expect.any(String),
      rpId: 'app.test',
      allowCredentials: [],
      timeout: 300_000,
      userVerification: 'required',
    })
  })

  it('writes nothing when a page is looked at, and one row of each kind when it is answered', async () => {
    const browser = createFreshBrowser()
    const asked = await recordQueries(test.orm, () => createPasskeyLogIn(test.runtime, browser))
    expect(asked.filter((text) => /insert|update|delete/i.test(text))).toEqual([])
    expect(asked).toHaveLength(1)
  })

  it('PK-01: takes an answer once', async () => {
    const browser = createFreshBrowser()
    const response = await answerLogIn(test, browser, ada.passkey)
    expect(await logInUserByPasskey(test.runtime, browser, { response })).toMatchObject({ ok: true })
    expect(await logInUserByPasskey(test.runtime, browser, { response })).toEqual(refused)
    expect(await reasons()).toEqual(['challenge-used'])
  })

  it('PK-01: knows an answer that came twice from a copied passkey', async () => {
    ada = await createPasskeyUser(test, { counts: true })
    const browser = createFreshBrowser()
    const response = await answerLogIn(test, browser, ada.passkey)
    expect(await logInUserByPasskey(test.runtime, browser, { response })).toMatchObject({ ok: true })
    expect(await logInUserByPasskey(test.runtime, browser, { response })).toEqual(refused)
    expect(await reasons()).toEqual(['challenge-used'])
    expect(await lines('passkey.counter_regressed')).toEqual([])
  })

  it('PK-01: takes no answer to a challenge of another browser, or to one that is too old', async () => {
    const [here, elsewhere] = [createFreshBrowser(), createFreshBrowser()]
    const response = await answerLogIn(test, here, ada.passkey)
    expect(await logInUserByPasskey(test.runtime, elsewhere, { response })).toEqual(refused)
    test.advance({ minutes: 5 })
    const late = { ok: false, reason: 'expired' }
    expect(await logInUserByPasskey(test.runtime, here, { response })).toEqual(late)
    expect(await reasons()).toEqual(['challenge-invalid', 'challenge-expired'])
  })

  it('PK-02: takes no answer that was made for enrolling, and the reverse', async () => {
    const { browser, passkey } = ada
    const enrolment = await answerEnrolment(test, browser, passkey.key)
    expect(await logInUserByPasskey(test.runtime, browser, { response: enrolment })).toEqual(refused)
    const { challenge } = await createPasskeyLogIn(test.runtime, browser)
    const crossed = await answerEnrolment(test, browser, passkey.key, { challenge })
    expect(await addUserPasskey(test.runtime, browser, { response: crossed })).toEqual(refused)
  })

  it.each<[string, CeremonyChanges, string]>([
    ['PK-04: another origin', { origin: 'https://evil.test' }, 'wrong-origin'],
    ['PK-04: http', { origin: 'http://app.test' }, 'wrong-origin'],
    ['PK-04: a subdomain', { origin: 'https://x.app.test' }, 'wrong-origin'],
    ['PK-04: another port', { origin: 'https://app.test:444' }, 'wrong-origin'],
    ['PK-05: another RP id', { rpId: 'evil.test' }, 'wrong-rp'],
    ['PK-06: a frame of another site', { crossOrigin: true }, 'cross-origin'],
    ['PK-06: a top origin', { topOrigin: 'https://evil.test' }, 'cross-origin'],
    ['PK-07: another type', { type: 'webauthn.create' }, 'wrong-type'],
    ['PK-07: a payment', { type: 'payment.get' }, 'wrong-type'],
    ['PK-08: nobody was verified', { userVerified: false }, 'not-verified'],
    ['PK-08: nobody was there', { userPresent: false }, 'not-present'],
    ['PK-10: no user handle', { userHandle: null }, 'wrong-owner'],
    ['PK-10: another user handle', { userHandle: new Uint8Array(64) }, 'wrong-owner'],
    ['another kind of backup', { backupEligible: false, backedUp: false }, 'backup-inconsistent'],
    ['another signature', { signature: (bytes) => bytes.map((byte) => byte ^ 1) }, 'wrong-signature'],
    ['a passkey nobody has', { credentialId: new Uint8Array(32) }, 'unknown-passkey'],
  ])('refuses %s, uniformly, and writes down why', async (_, changes, reason) => {
    const browser = createFreshBrowser()
    expect(await logIn(changes, browser)).toEqual(refused)
    expect(browser.sessionToken).toBeNull()
    const known = reason === 'unknown-passkey' ? [] : [reason]
    expect(await reasons()).toEqual(known)
  })

  it('PK-10: takes no passkey of somebody else under the own handle', async () => {
    const eve = await createPasskeyUser(test)
    const browser = createFreshBrowser()
    const response = await answerLogIn(test, browser, eve.passkey, {
      credentialId: ada.passkey.key.credentialId,
    })
    expect(await logInUserByPasskey(test.runtime, browser, { response })).toEqual(refused)
    expect(await reasons()).toEqual(['wrong-owner'])
  })

  it.each([
    ['PK-18: a disabled account', sql`disabled_at = now()`],
    ['PK-18: an unconfirmed account', sql`confirmed_at = null`],
  ])('%s gets the answer of an unknown passkey', async (_, change) => {
    await set(change)
    const browser = createFreshBrowser()
    expect(await logIn({}, browser)).toEqual(refused)
    expect(browser.sessionToken).toBeNull()
    expect(browser.cleared).toBe(0)
  })

  it('refuses a passkey that was removed', async () => {
    const browser = createFreshBrowser()
    const response = await answerLogIn(test, browser, ada.passkey)
    const removal = { passkeyId: ada.passkey.id }
    expect(await removeUserPasskey(test.runtime, ada.browser, removal)).toEqual({ ok: true })
    expect(await logInUserByPasskey(test.runtime, browser, { response })).toEqual(refused)
  })

  it('PK-17: refuses whatever is no answer', async () => {
    const browser = createFreshBrowser()
    for (const response of [
      undefined,
      null,
      7,
      '',
      '{',
      [],
      {},
      { id: 'x'.repeat(60_000) },
      { type: 'public-key' },
    ]) {
      expect(await logInUserByPasskey(test.runtime, browser, { response })).toEqual(refused)
    }
  })

  it('RL-01: opens an account again that others had locked', async () => {
    await set(sql`failed_password_count = 120, password_locked_at = now(), failed_code_count = 20,
      failed_second_factor_count = 100, second_factor_wait_until = now() + interval '1 day'`)
    expect(await logIn()).toMatchObject({ ok: true })
    const [row] = await test.rows(sql`
      select failed_password_count as passwords, password_locked_at as locked, failed_code_count as codes,
        failed_second_factor_count as factors, second_factor_wait_until as wait
      from users where id = ${ada.user.id}`)
    expect(row).toEqual({ passwords: 0, locked: null, codes: 0, factors: 0, wait: null })
  })

  it('RL-01: leaves the locks where the passkey did not open the door', async () => {
    await set(sql`password_locked_at = now()`)
    await logIn({ userVerified: false })
    const [row] = await test.rows(
      sql`select password_locked_at is null as open from users where id = ${ada.user.id}`,
    )
    expect(row).toEqual({ open: false })
  })
})

describe('a counting passkey', () => {
  beforeEach(async () => {
    ada = await createPasskeyUser(test, { counts: true })
    await deliverMail(test)
  })

  it.each([
    ['PK-09: as high as before', 1],
    ['PK-09: below', 0],
  ])('%s is refused, and its owner is told', async (_, counter) => {
    expect(await logIn()).toMatchObject({ ok: true })
    expect(await logIn({ counter })).toEqual(refused)
    expect(await lines('passkey.counter_regressed')).toMatchObject([
      { outcome: 'denied', targetId: ada.passkey.id },
    ])
    expect(await reasons()).toEqual(['counter-regressed'])
    const mail = findMail(await deliverMail(test), 'passkeyCopied')
    expect(mail).toMatchObject({ to: ada.user.email, props: { nickname: 'Passkey' } })
  })

  it('PK-09: fills nobody’s mailbox: one notice in an hour, every use in the audit log', async () => {
    expect(await logIn()).toMatchObject({ ok: true })
    for (let n = 0; n < 3; n++) expect(await logIn({ counter: 1 })).toEqual(refused)
    const { sent } = await deliverMail(test)
    expect(sent.filter(({ kind }) => kind === 'passkeyCopied')).toHaveLength(1)
    expect(await lines('passkey.counter_regressed')).toHaveLength(3)
  })

  it('PK-09: raises no alarm for a signature that is wrong', async () => {
    expect(await logIn()).toMatchObject({ ok: true })
    expect(await logIn({ counter: 0, signature: (bytes) => bytes.map((byte) => byte ^ 1) })).toEqual(refused)
    expect(await lines('passkey.counter_regressed')).toEqual([])
  })

  it('PK-09: may stay at zero where it never counted', async () => {
    ada = await createPasskeyUser(test)
    for (let n = 0; n < 3; n++) expect(await logIn()).toMatchObject({ ok: true })
  })
})

describe('the limit of ceremonies', () => {
  it('RL-06: lets a network make 20 in a minute', async () => {
    const limited = await createTestRuntime({ policy: cheapHashing })
    try {
      const answers = []
      const browser = createFreshBrowser()
      for (let n = 0; n < 21; n++)
        answers.push(await logInUserByPasskey(limited.runtime, browser, { response: null }))
      expect(answers.filter((each) => !each.ok && each.reason === 'invalid-passkey')).toHaveLength(20)
      expect(answers.at(-1)).toEqual({ ok: false, reason: 'limited', retryAfterSeconds: expect.any(Number) })
    } finally {
      await limited.close()
    }
  })
})
