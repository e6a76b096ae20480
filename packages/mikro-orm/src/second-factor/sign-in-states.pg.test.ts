import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql, type Sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { completeSignIn } from '../door/complete-sign-in.ts'
import { provePasskey, provePassword, takeSessionProof } from '../door/proof.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { createTotpUser, logInBrowser, totpCode } from '../testing/test-second-factor.ts'
import { activateUserTotp } from './activate-user-totp.ts'
import { enrollUserTotp } from './enroll-user-totp.ts'
import { issueUserBackupCodes } from './issue-user-backup-codes.ts'
import { verifyUserSecondFactor } from './verify-user-second-factor.ts'

let optional: TestRuntime
let obliging: TestRuntime
beforeAll(async () => {
  optional = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  const { runtime } = optional
  obliging = { ...optional, runtime: { ...runtime, policy: { ...runtime.policy, secondFactor: 'all' } } }
})
afterAll(() => optional.close())

const addPasskey = ({ id }: TestUser) =>
  optional.rows(sql`
    insert into user_passkeys (id, user_id, credential_id, public_key, aaguid, transports, backup_eligible, backed_up,
      nickname) values (gen_random_uuid(), ${id}, sha256(random()::text::bytea), 'key', gen_random_uuid(), '{}', false,
      false, 'key')`)

type State = 'no factor' | 'TOTP active' | 'passkey only' | 'TOTP, trusted browser'
interface Person {
  user: TestUser
  browser: TestCaller
}

async function personIn(state: State): Promise<Person> {
  if (state === 'TOTP active')
    return { user: (await createTotpUser(optional)).user, browser: createTestCaller() }
  if (state === 'TOTP, trusted browser') return trustedPerson()
  const user = await createTestUser(optional)
  if (state === 'passkey only') await addPasskey(user)
  return { user, browser: createTestCaller() }
}

async function trustedPerson(): Promise<Person> {
  const { user, code } = await createTotpUser(optional)
  const first = await logInBrowser(optional, user)
  await verifyUserSecondFactor(optional.runtime, first, { code: code(), trustBrowser: true })
  const { browserToken, trustTokens } = first
  return { user, browser: createTestCaller({ browserToken, trustTokens }) }
}

const byPassword = ({ runtime }: TestRuntime, { user, browser }: Person) =>
  logInUser(runtime, browser, { email: user.email, password: user.password })

describe('MFA-01: the password, in every state of an account', () => {
  it.each<[State, string, string]>([
    ['no factor', 'signed-in', 'second-factor-enrolment-required'],
    ['TOTP active', 'second-factor-required', 'second-factor-required'],
    ['passkey only', 'signed-in', 'second-factor-required'],
    ['TOTP, trusted browser', 'signed-in', 'signed-in'],
  ])('%s: %s; where two factors are demanded, %s', async (state, chosen, demanded) => {
    expect(await byPassword(optional, await personIn(state))).toMatchObject({ ok: true, outcome: chosen })
    expect(await byPassword(obliging, await personIn(state))).toMatchObject({ ok: true, outcome: demanded })
  })

  it.each<[State, string]>([
    ['no factor', 'password-change-required'],
    ['TOTP active', 'second-factor-required'],
    ['passkey only', 'password-change-required'],
    ['TOTP, trusted browser', 'password-change-required'],
  ])('must change the password, %s: %s', async (state, outcome) => {
    const person = await personIn(state)
    await optional.rows(sql`update users set must_change_password = true where id = ${person.user.id}`)
    expect(await byPassword(optional, person)).toMatchObject({ outcome })
  })

  it.each<[string, Sql, string]>([
    ['unconfirmed', sql`confirmed_at = null`, 'invalid-credentials'],
    ['disabled', sql`disabled_at = now()`, 'disabled'],
  ])('%s, whatever factors there are: refused', async (_, change, reason) => {
    for (const state of ['no factor', 'TOTP active', 'passkey only', 'TOTP, trusted browser'] as const) {
      const person = await personIn(state)
      await optional.rows(sql`update users set ${change} where id = ${person.user.id}`)
      expect(await byPassword(optional, person)).toEqual({ ok: false, reason })
      expect(person.browser.sessionToken).toBeNull()
    }
  })
})

describe('AUD-04: the line of a sign-in says which rule asked for the next step', () => {
  const wish = sql`require_second_step = true`
  const change = sql`must_change_password = true`
  const none = sql`disabled_at = null`
  const cases: [State, string, Sql, 'optional' | 'all', object][] = [
    ['no factor', 'nothing', none, 'optional', {}],
    ['no factor', 'must change the password', change, 'optional', { rule: 'must-change-password' }],
    ['no factor', 'the policy wants two', none, 'all', { rule: 'policy-all', requiredBy: 'policy-all' }],
    ['no factor', 'wants two', wish, 'optional', { rule: 'own-wish', requiredBy: 'own-wish' }],
    ['TOTP active', 'nothing else', none, 'optional', { rule: 'totp' }],
    ['TOTP active', 'the policy wants two', none, 'all', { rule: 'totp', requiredBy: 'policy-all' }],
    ['passkey only', 'nothing else', none, 'optional', {}],
    ['passkey only', 'wants two', wish, 'optional', { rule: 'passkey-and-required', requiredBy: 'own-wish' }],
    [
      'passkey only',
      'the policy wants two',
      none,
      'all',
      { rule: 'passkey-and-required', requiredBy: 'policy-all' },
    ],
    ['TOTP, trusted browser', 'nothing else', none, 'optional', {}],
  ]
  it.each(cases)('%s, %s', async (state, _, columns, policy, rule) => {
    const person = await personIn(state)
    await optional.rows(sql`update users set ${columns} where id = ${person.user.id}`)
    await byPassword(policy === 'all' ? obliging : optional, person)
    expect(await ruleOf(person)).toEqual(rule)
  })

  it('TOTP and a trusted browser, but no backup codes where two are wanted', async () => {
    const { user, code } = await createTotpUser(optional)
    await optional.rows(sql`update users set require_second_step = true where id = ${user.id}`)
    const first = await logInBrowser(optional, user)
    await verifyUserSecondFactor(optional.runtime, first, { code: code(), trustBrowser: true })
    await optional.rows(sql`update user_backup_codes set used_at = now() where user_id = ${user.id}`)
    const { browserToken, trustTokens } = first
    const person = { user, browser: createTestCaller({ browserToken, trustTokens }) }
    await byPassword(optional, person)
    expect(await ruleOf(person)).toEqual({ rule: 'no-backup-codes', requiredBy: 'own-wish' })
  })

  it('two factors, but no backup codes where two are wanted', async () => {
    const person = await personIn('passkey only')
    await optional.rows(sql`update users set require_second_step = true where id = ${person.user.id}`)
    const proof = provePasskey(person.user.id, { userVerified: true })
    await inTransaction(optional.runtime, (tx) =>
      completeSignIn(tx, person.browser, proof, { method: 'passkey', remembered: false }),
    )
    expect(await ruleOf(person)).toEqual({ rule: 'no-backup-codes', requiredBy: 'own-wish' })
  })

  it('the policy wants two of admins', async () => {
    const { runtime } = optional
    const policy = { ...runtime.policy, secondFactor: 'admins' as const }
    const test = { ...optional, runtime: { ...runtime, policy, adminColumn: sql`must_change_password` } }
    const person = await personIn('no factor')
    await optional.rows(sql`update users set must_change_password = true where id = ${person.user.id}`)
    await byPassword(test, person)
    expect(await ruleOf(person)).toEqual({ rule: 'policy-admins', requiredBy: 'policy-admins' })
  })
})

/** What the newest line of a sign-in says of the rule. */
async function ruleOf({ user }: Person): Promise<object> {
  const lines = (await readAudit(optional, user.email)).filter(({ action }) => action === 'auth.log_in')
  const { rule, requiredBy } = lines.at(-1)?.metadata ?? {}
  return { ...(rule === undefined ? {} : { rule }), ...(requiredBy === undefined ? {} : { requiredBy }) }
}

describe('who must have a second factor and has none', () => {
  it('enrols on the page nobody walks past, and is in with two', async () => {
    const person = await personIn('no factor')
    await byPassword(obliging, person)
    const browser = await nextRequest(obliging.runtime, person.browser)
    expect(browser.session).toMatchObject({ awaiting: 'enrolment', aal: 1 })
    expect(await issueUserBackupCodes(obliging.runtime, browser)).toEqual({ ok: false, reason: 'not-wanted' })

    const enrolled = await enrollUserTotp(obliging.runtime, browser)
    if (!enrolled.ok) throw new Error(enrolled.reason)
    const code = totpCode(obliging, enrolled.enrolment)
    expect(await activateUserTotp(obliging.runtime, browser, { code })).toMatchObject({
      ok: true,
      outcome: 'signed-in',
      backupCodes: { length: 10 },
    })
    expect((await nextRequest(obliging.runtime, browser)).session).toMatchObject({
      awaiting: null,
      aal: 2,
      sudoMethod: 'second-factor',
    })
  })

  it('has half an hour for it', async () => {
    const person = await personIn('no factor')
    await byPassword(obliging, person)
    obliging.advance({ minutes: 30 })
    expect((await nextRequest(obliging.runtime, person.browser)).session).toBeNull()
  })

  it('cannot put an app in the place of one that was activated meanwhile', async () => {
    const person = await personIn('no factor')
    await byPassword(obliging, person)
    const late = await nextRequest(obliging.runtime, person.browser)
    await optional.rows(sql`
      insert into user_totp (id, user_id, sealed_secret, activated_at)
      values (gen_random_uuid(), ${person.user.id}, 'sealed', now())`)
    await expect(enrollUserTotp(obliging.runtime, late)).rejects.toThrow(SudoRequired)
    expect(
      await optional.rows(sql`select pending_secret from user_totp where user_id = ${person.user.id}`),
    ).toEqual([{ pending_secret: null }])
  })
})

describe('who must have backup codes and has none', () => {
  /** Signed in by password, and by their passkey at the challenge. */
  async function passkeyPerson(): Promise<Person> {
    const person = await personIn('passkey only')
    await byPassword(obliging, person)
    const { session } = await nextRequest(obliging.runtime, person.browser)
    if (session?.awaiting !== 'second-factor') throw new Error('no challenge')
    await inSessionTransaction(obliging.runtime, session, async (tx, own) => {
      const taken = await takeSessionProof(tx, own, provePasskey(person.user.id, { userVerified: false }))
      await completeSignIn(tx, person.browser, taken.proof, { method: 'passkey', remembered: false })
    })
    await nextRequest(obliging.runtime, person.browser)
    return person
  }

  it('gets them on the enrolment page, after the challenge', async () => {
    const { user, browser } = await passkeyPerson()
    expect(browser.session).toMatchObject({ awaiting: 'enrolment', aal: 2 })
    const issued = await issueUserBackupCodes(obliging.runtime, browser)
    expect(issued).toMatchObject({ ok: true, outcome: 'signed-in', backupCodes: { length: 10 } })
    expect((await nextRequest(obliging.runtime, browser)).session).toMatchObject({ awaiting: null, aal: 2 })
    expect(await issueUserBackupCodes(obliging.runtime, browser)).toEqual({ ok: false, reason: 'not-wanted' })
    expect(await optional.rows(sql`select from user_backup_codes where user_id = ${user.id}`)).toHaveLength(
      10,
    )
  })

  it('gets none by one factor: codes are a second one themselves', async () => {
    const { user, browser } = await passkeyPerson()
    await optional.rows(sql`update user_sessions set aal = 1 where user_id = ${user.id}`)
    await nextRequest(obliging.runtime, browser)
    expect(await issueUserBackupCodes(obliging.runtime, browser)).toEqual({ ok: false, reason: 'not-wanted' })
    expect(await optional.rows(sql`select from user_backup_codes where user_id = ${user.id}`)).toEqual([])
  })

  it('is asked for them whichever way they came', async () => {
    const user = await createTestUser(optional, { hashedPassword: 'stored' })
    await addPasskey(user)
    const open = (proof = provePassword(user.id, 'stored')) =>
      inTransaction(obliging.runtime, (tx) =>
        completeSignIn(tx, createTestCaller(), proof, { method: 'passkey', remembered: false }),
      )
    expect(await open(provePasskey(user.id, { userVerified: true }))).toMatchObject({
      outcome: 'second-factor-enrolment-required',
    })
    expect(await open()).toMatchObject({ outcome: 'second-factor-required' })
  })
})
