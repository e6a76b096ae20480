import { createSoftwarePasskey, type CeremonyChanges, type SoftwarePasskeyOptions } from '@sigra/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql, type Sql } from '../database/sql.ts'
import { resolveSession } from '../sessions/resolve-session.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { deliverMail, findMail } from '../testing/test-mail.ts'
import {
  answerEnrolment,
  createFreshBrowser,
  createPasskeyUser,
  enrolTestPasskey,
} from '../testing/passkeys/test-passkey.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { addUserPasskey } from './add-user-passkey.ts'
import { createPasskeyEnrolment } from './create-passkey-enrolment.ts'
import { listUserPasskeys } from './list-user-passkeys.ts'

let test: TestRuntime
let user: TestUser
let browser: TestCaller
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...cheapHashing, ...generousLimits } })
})
afterAll(() => test.close())
beforeEach(async () => {
  user = await createTestUser(test)
  browser = await signInTestUser(test, user, createFreshBrowser())
})

const refused = { ok: false, reason: 'invalid-passkey' }
const set = (change: Sql) => test.rows(sql`update users set ${change} where id = ${user.id}`)
const enrol = async (changes?: CeremonyChanges, options?: SoftwarePasskeyOptions, nickname?: unknown) => {
  const response = await answerEnrolment(test, browser, createSoftwarePasskey(options), changes)
  return addUserPasskey(test.runtime, browser, { response, nickname })
}
const count = async () => (await test.rows(sql`select from user_passkeys where user_id = ${user.id}`)).length
const reasons = async () =>
  (
    await test.rows<{ reason: string }>(sql`
      select metadata->>'reason' as reason from audit_events
      where subject_id = ${user.id} and action = 'passkey.added' and outcome = 'failure' order by occurred_at, id`)
  ).map(({ reason }) => reason)

describe('createPasskeyEnrolment', () => {
  it('asks for a passkey that signs in by itself, under a handle that says nothing', async () => {
    const start = await createPasskeyEnrolment(test.runtime, browser)
    expect(start).toMatchObject({
      ok: true,
      options: {
        rp: { id: 'app.test', name: 'Acme' },
        user: { name: user.email },
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        excludeCredentials: [],
        attestation: 'none',
        timeout: 300_000,
      },
    })
    const handle = start.ok ? Buffer.from(start.options.user.id, 'base64url') : Buffer.alloc(0)
    expect(handle).toHaveLength(64)
  })

  it('gives one handle for good, and names what is enrolled already', async () => {
    const first = await createPasskeyEnrolment(test.runtime, browser)
    const passkey = await enrolTestPasskey(test, browser)
    const second = await createPasskeyEnrolment(test.runtime, browser)
    expect(second).toMatchObject({
      options: {
        user: { id: first.ok && first.options.user.id },
        excludeCredentials: [
          { id: Buffer.from(passkey.key.credentialId).toString('base64url'), type: 'public-key' },
        ],
      },
    })
  })

  it('PK-13: is for who just proved who they are', async () => {
    await expect(createPasskeyEnrolment(test.runtime, createTestCaller())).rejects.toThrow(SudoRequired)
    test.advance({ minutes: 11 })
    await nextRequest(test.runtime, browser)
    await expect(createPasskeyEnrolment(test.runtime, browser)).rejects.toThrow(SudoRequired)
    await expect(addUserPasskey(test.runtime, browser, { response: null })).rejects.toThrow(SudoRequired)
  })
})

describe('addUserPasskey', () => {
  it('adds it under the name of its provider, renews the session and tells the owner', async () => {
    const former = browser.sessionToken
    const result = await enrol({}, { aaguid: 'bada5566-a7aa-401f-bd96-45619a55120d' })
    expect(result).toMatchObject({ ok: true, outcome: 'signed-in', nickname: '1Password' })
    expect(former && (await resolveSession(test.runtime, former))).toBeNull()
    await nextRequest(test.runtime, browser)
    expect(await listUserPasskeys(test.runtime, browser)).toEqual([
      {
        id: result.ok && result.passkeyId,
        nickname: '1Password',
        provider: '1Password',
        isSynced: true,
        createdAt: expect.any(Date),
        lastUsedAt: null,
        isLastWay: false,
        credentialId: expect.stringMatching(/^[\w-]{43}$/),
      },
    ])
    const mail = findMail(await deliverMail(test), 'passkeyAdded')
    expect(mail).toMatchObject({ to: user.email, props: { nickname: '1Password' } })
  })

  it('takes a name, in one line and without tricks', async () => {
    expect(await enrol({}, {}, '  Blue \n phone ')).toMatchObject({ nickname: 'Blue phone' })
    await nextRequest(test.runtime, browser)
    expect(await enrol({}, {}, 'a\u202Eb')).toMatchObject({ nickname: 'a\\u202eb' })
    await nextRequest(test.runtime, browser)
    expect(await enrol({}, {}, ' ')).toMatchObject({ nickname: 'Passkey' })
  })

  it('INJ-05: puts its own name in the place of one that would be a link in the mail', async () => {
    expect(await enrol({}, {}, 'Lost? See evil.example')).toMatchObject({ nickname: 'Passkey' })
    const mail = findMail(await deliverMail(test), 'passkeyAdded')
    expect(mail).toMatchObject({ to: user.email, props: { nickname: 'Passkey' } })
  })

  it('PK-01: takes an answer once', async () => {
    const response = await answerEnrolment(test, browser, createSoftwarePasskey())
    expect(await addUserPasskey(test.runtime, browser, { response })).toMatchObject({ ok: true })
    await nextRequest(test.runtime, browser)
    await test.rows(sql`delete from user_passkeys where user_id = ${user.id}`)
    expect(await addUserPasskey(test.runtime, browser, { response })).toEqual(refused)
    expect(await count()).toBe(0)
  })

  it('PK-01: takes none of another browser, another user or too late', async () => {
    const response = await answerEnrolment(test, browser, createSoftwarePasskey())
    const elsewhere = await signInTestUser(test, user, createFreshBrowser())
    expect(await addUserPasskey(test.runtime, elsewhere, { response })).toEqual(refused)
    const { browserToken } = browser
    const stranger = await signInTestUser(
      test,
      await createTestUser(test),
      createTestCaller({ browserToken }),
    )

    expect(await addUserPasskey(test.runtime, stranger, { response })).toEqual(refused)
    test.advance({ minutes: 6 })
    expect(await addUserPasskey(test.runtime, browser, { response })).toEqual({
      ok: false,
      reason: 'expired',
    })
  })

  it.each<[string, CeremonyChanges, string]>([
    ['PK-04: another origin', { origin: 'https://evil.test' }, 'invalid-passkey'],
    ['PK-05: another RP id', { rpId: 'evil.test' }, 'invalid-passkey'],
    ['PK-06: a frame of another site', { crossOrigin: true }, 'invalid-passkey'],
    ['PK-07: another type', { type: 'webauthn.get' }, 'invalid-passkey'],
    ['PK-08: nobody was verified', { userVerified: false }, 'invalid-passkey'],
    ['PK-11: a credential id of 1,024 bytes', { credentialId: new Uint8Array(1024) }, 'invalid-passkey'],
    [
      'PK-11: an algorithm that was not offered',
      {
        publicKey: new Map([
          [1, 2],
          [3, -65_535],
        ]),
      },
      'invalid-passkey',
    ],
    ['PK-17: no key', { publicKey: 'key' }, 'invalid-passkey'],
  ])('refuses %s', async (_, changes, reason) => {
    expect(await enrol(changes)).toEqual({ ok: false, reason })
    expect(await count()).toBe(0)
    expect(await reasons()).toHaveLength(1)
  })

  it('PK-11: refuses a credential that is registered, whoever has it', async () => {
    const eve = await createPasskeyUser(test)
    const credentialId = eve.passkey.key.credentialId
    expect(await enrol({ credentialId })).toEqual({ ok: false, reason: 'already-registered' })
    await enrol({}, { credentialId: new Uint8Array(32).fill(7) })
    await nextRequest(test.runtime, browser)
    expect(await enrol({}, { credentialId: new Uint8Array(32).fill(7) })).toMatchObject({
      reason: 'already-registered',
    })
    expect(await count()).toBe(1)
    expect(await reasons()).toEqual(['already-registered', 'already-registered'])
  })

  it('PK-13: refuses an address that was never proven', async () => {
    const response = await answerEnrolment(test, browser, createSoftwarePasskey())
    await set(sql`confirmed_at = null`)
    const unconfirmed = { ok: false, reason: 'unconfirmed' }
    expect(await createPasskeyEnrolment(test.runtime, browser)).toEqual(unconfirmed)
    expect(await addUserPasskey(test.runtime, browser, { response })).toEqual(unconfirmed)
    expect(await count()).toBe(0)
  })

  it('PK-13: refuses a session of one factor where the account has two', async () => {
    const response = await answerEnrolment(test, browser, createSoftwarePasskey())
    await test.rows(sql`
      insert into user_totp (id, user_id, sealed_secret, activated_at, created_at)
      values (gen_random_uuid(), ${user.id}, 'x', now(), now())`)
    await expect(addUserPasskey(test.runtime, browser, { response })).rejects.toThrow(SudoRequired)
    expect(await count()).toBe(0)
  })

  it('refuses a session that ended meanwhile, and keeps nothing', async () => {
    const response = await answerEnrolment(test, browser, createSoftwarePasskey())
    await test.rows(sql`delete from user_sessions where user_id = ${user.id}`)
    await expect(addUserPasskey(test.runtime, browser, { response })).rejects.toThrow(SessionOvertaken)
    expect(await count()).toBe(0)
  })

  it('takes ten, and no more', async () => {
    for (let n = 0; n < 10; n++) await enrolTestPasskey(test, browser)
    const tooMany = { ok: false, reason: 'too-many', maxPasskeys: 10 }
    expect(await createPasskeyEnrolment(test.runtime, browser)).toEqual(tooMany)
    await test.rows(
      sql`delete from user_passkeys where id = (select id from user_passkeys where user_id = ${user.id} limit 1)`,
    )
    const [late, later] = [
      await answerEnrolment(test, browser, createSoftwarePasskey()),
      await answerEnrolment(test, browser, createSoftwarePasskey()),
    ]
    expect(await addUserPasskey(test.runtime, browser, { response: late })).toMatchObject({ ok: true })
    await nextRequest(test.runtime, browser)
    expect(await addUserPasskey(test.runtime, browser, { response: later })).toEqual(tooMany)
  })
})

describe('a sign-in that waits for a second factor to be set up', () => {
  beforeEach(async () => {
    await set(sql`require_second_step = true`)
    browser = await signInTestUser(test, user, createFreshBrowser())
  })

  it('gets it by a passkey, and goes through the door again', async () => {
    expect(browser.session).toMatchObject({ awaiting: 'enrolment', aal: 1 })
    expect(await enrol()).toMatchObject({ ok: true, outcome: 'second-factor-enrolment-required' })
    // What is missing now are the backup codes, which are given to two factors.
    expect((await nextRequest(test.runtime, browser)).session).toMatchObject({
      awaiting: 'enrolment',
      aal: 2,
    })
  })

  it('ends with the row it came from: of two tabs one gets in', async () => {
    const response = await answerEnrolment(test, browser, createSoftwarePasskey())
    const tab = { ...browser }
    expect(await enrol()).toMatchObject({ ok: true })
    await expect(addUserPasskey(test.runtime, tab, { response })).rejects.toThrow(SessionOvertaken)
    expect(await count()).toBe(1)
  })
})
