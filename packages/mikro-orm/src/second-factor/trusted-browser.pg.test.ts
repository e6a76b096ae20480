import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql, type Sql } from '../database/sql.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import {
  advanceToNextStep,
  createTotpUser,
  logInBrowser,
  type TestSecondFactor,
} from '../testing/test-second-factor.ts'
import { readQueue } from '../testing/test-mail.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { createTrustToken } from '../sessions/trust-token.ts'
import { regenerateUserBackupCodes } from './regenerate-user-backup-codes.ts'
import { verifyUserSecondFactor } from './verify-user-second-factor.ts'

/** What the owner was told of copies, and which trust is left. */
async function readReuse({ user }: TestSecondFactor) {
  const events = (await readAudit(test, user.email)).filter(
    ({ action }) => action === 'security.trust_reused',
  )
  const trusted = await test.rows(sql`
    select from user_known_browsers where user_id = ${user.id} and trusted_until is not null`)
  const mails = (await readQueue(test)).filter(
    ({ kind, address }) => kind === 'trustedBrowserCopied' && address === user.canonical,
  )
  return { events: events.length, mails: mails.length, trusted: trusted.length }
}

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

/** A browser that passed the challenge and asked to be trusted. */
async function trustBrowser(person: TestSecondFactor, browser = createTestCaller()): Promise<TestCaller> {
  await logInBrowser(test, person.user, browser)
  const result = await verifyUserSecondFactor(test.runtime, browser, {
    code: person.code(),
    trustBrowser: true,
  })
  expect(result).toMatchObject({ ok: true })
  advanceToNextStep(test)
  return nextRequest(test.runtime, browser)
}
/** The next sign-in of a browser, with the cookies it has but no session. */
const again = async (person: TestSecondFactor, { browserToken, trustTokens }: TestCaller) =>
  logInBrowser(test, person.user, createTestCaller({ browserToken, trustTokens }))

describe('a trusted browser', () => {
  it('skips the second factor and nothing else: one factor, no sudo', async () => {
    const person = await createTotpUser(test)
    const browser = await again(person, await trustBrowser(person))
    expect(browser.session).toMatchObject({ awaiting: null, aal: 1, amr: ['pwd'], hasSudo: false })
    expect(
      (await readAudit(test, person.user.email)).filter(({ action }) => action === 'auth.log_in').at(-1),
    ).toMatchObject({ metadata: { reason: 'trusted-browser', result: 'signed-in' } })
  })

  it('is one by asking only', async () => {
    const person = await createTotpUser(test)
    const browser = createTestCaller()
    await logInBrowser(test, person.user, browser)
    await verifyUserSecondFactor(test.runtime, browser, { code: person.code() })
    expect(browser.trustTokens).toEqual([])
    expect((await again(person, browser)).session?.awaiting).toBe('second-factor')
  })

  it('TB-01: is not one by a forged value, an edited one, or the one of another account', async () => {
    const [one, other] = [await createTotpUser(test), await createTotpUser(test)]
    const shared = createTestCaller()
    await trustBrowser(one, shared)
    const [token] = shared.trustTokens
    expect(token).toBeDefined()
    for (const trustTokens of [[], [createTrustToken()]]) {
      expect(
        (await again(one, Object.assign(createTestCaller(), shared, { trustTokens }))).session?.awaiting,
      ).toBe('second-factor')
    }
    expect((await again(other, shared)).session?.awaiting).toBe('second-factor')
  })

  it('TB-01: is not one in another browser that holds a copy', async () => {
    const person = await createTotpUser(test)
    const { trustTokens } = await trustBrowser(person)
    expect((await again(person, Object.assign(createTestCaller(), { trustTokens }))).session?.awaiting).toBe(
      'second-factor',
    )
  })

  it('TB-02: opens nothing without the password', async () => {
    const person = await createTotpUser(test)
    const { browserToken, trustTokens } = await trustBrowser(person)
    const thief = createTestCaller({ browserToken, trustTokens })
    await expect(
      logInBrowser(test, { ...person.user, password: 'a wrong guess of it' }, thief),
    ).rejects.toThrow('invalid-credentials')
    expect(thief.sessionToken).toBeNull()
  })

  it('gets another value with every use, and the former one is dead after a minute', async () => {
    const person = await createTotpUser(test)
    const trusted = await trustBrowser(person)
    const used = await again(person, trusted)
    expect(used.trustTokens).not.toEqual(trusted.trustTokens)
    test.advance({ minutes: 2 })
    expect((await again(person, used)).session?.awaiting).toBeNull()
    expect(await readReuse(person)).toEqual({ events: 0, mails: 0, trusted: 1 })
  })

  it('TB-06: ends with the use of a former value, and its owner is told once', async () => {
    const person = await createTotpUser(test)
    const trusted = await trustBrowser(person)
    const used = await again(person, trusted)
    test.advance({ minutes: 2 })
    expect((await again(person, trusted)).session?.awaiting).toBe('second-factor')
    expect(await readReuse(person)).toEqual({ events: 1, mails: 1, trusted: 0 })
    expect((await again(person, used)).session?.awaiting).toBe('second-factor')
    expect((await again(person, trusted)).session?.awaiting).toBe('second-factor')
    expect(await readReuse(person)).toEqual({ events: 1, mails: 1, trusted: 0 })
  })

  it('TB-06: ends with a value that a thief has replaced any number of times since', async () => {
    const person = await createTotpUser(test)
    const owner = await trustBrowser(person)
    let thief = owner
    for (let n = 0; n < 3; n++) {
      thief = await again(person, thief)
      expect(thief.session?.awaiting).toBeNull()
    }
    test.advance({ minutes: 2 })
    expect((await again(person, owner)).session?.awaiting).toBe('second-factor')
    expect(await readReuse(person)).toEqual({ events: 1, mails: 1, trusted: 0 })
    expect((await again(person, thief)).session?.awaiting).toBe('second-factor')
    expect(await readReuse(person)).toEqual({ events: 1, mails: 1, trusted: 0 })
  })

  it('TB-07: asked for anew after its 30 days is no theft, and its former value leaves the browser', async () => {
    const person = await createTotpUser(test)
    let browser = await trustBrowser(person)
    test.advance({ days: 20 })
    browser = await again(person, browser)
    test.advance({ days: 11 })
    const { browserToken, trustTokens } = browser
    const renewed = await trustBrowser(person, createTestCaller({ browserToken, trustTokens }))
    expect(renewed.trustTokens).toHaveLength(1)
    test.advance({ minutes: 2 })
    expect((await again(person, renewed)).session?.awaiting).toBeNull()
    expect(await readReuse(person)).toEqual({ events: 0, mails: 0, trusted: 1 })
  })

  it('TB-07: keeps the values of other accounts where one is asked for anew', async () => {
    const [one, other] = [await createTotpUser(test), await createTotpUser(test)]
    const browser = createTestCaller()
    await trustBrowser(one, browser)
    browser.session = null
    await trustBrowser(other, browser)
    const before = browser.trustTokens
    test.advance({ days: 31 })
    const { browserToken } = browser
    const renewed = await trustBrowser(other, createTestCaller({ browserToken, trustTokens: before }))
    expect(renewed.trustTokens).toEqual([expect.any(String), before[1]])
    expect(renewed.trustTokens[0]).not.toBe(before[0])
  })

  it('TB-07: gives a log-in that is pressed twice the same value, whose answer ever comes last', async () => {
    const person = await createTotpUser(test)
    const trusted = await trustBrowser(person)
    const [first, second] = [await again(person, trusted), await again(person, trusted)]
    expect(second.trustTokens).toEqual(first.trustTokens)
    test.advance({ minutes: 2 })
    expect((await again(person, first)).session?.awaiting).toBeNull()
    expect(await readReuse(person)).toEqual({ events: 0, mails: 0, trusted: 1 })
  })

  it('TB-06: ends with a former value in another browser, however soon', async () => {
    const person = await createTotpUser(test)
    const { trustTokens, ...trusted } = await trustBrowser(person)
    await again(person, { ...trusted, trustTokens })
    expect((await again(person, createTestCaller({ trustTokens }))).session?.awaiting).toBe('second-factor')
    expect(await readReuse(person)).toEqual({ events: 1, mails: 1, trusted: 0 })
  })

  it('TB-06: takes a log-in that was pressed twice for no theft', async () => {
    const person = await createTotpUser(test)
    const trusted = await trustBrowser(person)
    const first = await again(person, trusted)
    test.advance({ milliseconds: 30_000 })
    const second = await again(person, trusted)
    expect([first, second].map(({ session }) => session?.awaiting)).toEqual([null, null])
    expect(await readReuse(person)).toEqual({ events: 0, mails: 0, trusted: 1 })
    test.advance({ minutes: 2 })
    expect((await again(person, second)).session?.awaiting).toBeNull()
    expect(await readReuse(person)).toEqual({ events: 0, mails: 0, trusted: 1 })
  })

  it('TB-06: counts the minute from the rotation, not from a second use', async () => {
    const person = await createTotpUser(test)
    const trusted = await trustBrowser(person)
    await again(person, trusted)
    test.advance({ milliseconds: 40_000 })
    expect((await again(person, trusted)).session?.awaiting).toBeNull()
    test.advance({ milliseconds: 30_000 })
    expect((await again(person, trusted)).session?.awaiting).toBe('second-factor')
    expect(await readReuse(person)).toEqual({ events: 1, mails: 1, trusted: 0 })
  })

  it('TB-06: tells nobody of a value whose trust is over, or that was typed with a wrong password', async () => {
    const person = await createTotpUser(test)
    const trusted = await trustBrowser(person)
    await again(person, trusted)
    test.advance({ minutes: 2 })
    const { browserToken, trustTokens } = trusted
    const thief = createTestCaller({ browserToken, trustTokens })
    await expect(
      logInBrowser(test, { ...person.user, password: 'a wrong guess of it' }, thief),
    ).rejects.toThrow('invalid-credentials')
    test.advance({ days: 31 })
    expect((await again(person, trusted)).session?.awaiting).toBe('second-factor')
    expect(await readReuse(person)).toMatchObject({ events: 0, mails: 0 })
  })

  it('is one for 30 days from the challenge, however often it was used', async () => {
    const person = await createTotpUser(test)
    let browser = await trustBrowser(person)
    test.advance({ days: 20 })
    browser = await again(person, browser)
    expect(browser.session?.awaiting).toBeNull()
    test.advance({ days: 10 })
    expect((await again(person, browser)).session?.awaiting).toBe('second-factor')
  })

  it('keeps the values of five accounts at most, the newest first', async () => {
    const browser = createTestCaller()
    const people: TestSecondFactor[] = []
    for (let n = 0; n < 6; n++) {
      const person = await createTotpUser(test)
      people.push(person)
      await trustBrowser(person, browser)
      browser.session = null
    }
    expect(browser.trustTokens).toHaveLength(5)
    const [oldest, , , , , newest] = people
    if (!oldest || !newest) throw new Error('six people')
    expect((await again(oldest, browser)).session?.awaiting).toBe('second-factor')
    expect((await again(newest, browser)).session?.awaiting).toBeNull()
  })

  it.each<[string, (person: TestSecondFactor) => Sql]>([
    [
      'a change of password',
      ({ user }) => sql`update users set password_changed_at = now() where id = ${user.id}`,
    ],
    [
      'another authenticator app',
      ({ user }) => sql`update user_totp set activated_at = now() where user_id = ${user.id}`,
    ],
    [
      'new backup codes',
      ({ user }) => sql`update user_backup_codes set created_at = now() where user_id = ${user.id}`,
    ],
    [
      'a new passkey',
      ({ user }) => sql`
        insert into user_passkeys (id, user_id, credential_id, public_key, aaguid, transports, backup_eligible,
          backed_up, nickname) values (gen_random_uuid(), ${user.id}, sha256(random()::text::bytea), 'key',
          gen_random_uuid(), '{}', false, false, 'key')`,
    ],
    [
      'the wish for a second step',
      ({ user }) => sql`update users set require_second_step = true where id = ${user.id}`,
    ],
  ])('TB-03: ends with %s, even where nobody remembered to end it', async (_, change) => {
    const person = await createTotpUser(test)
    const browser = await trustBrowser(person)
    await test.rows(change(person))
    expect((await again(person, browser)).session?.awaiting).toBe('second-factor')
  })

  it('TB-03: ends with a change of second factors', async () => {
    const person = await createTotpUser(test)
    const browser = await trustBrowser(person)
    expect(await regenerateUserBackupCodes(test.runtime, browser)).toMatchObject({ ok: true })
    expect(
      await test.rows(sql`
        select from user_known_browsers where user_id = ${person.user.id} and trusted_until is not null`),
    ).toEqual([])
    expect((await again(person, browser)).session?.awaiting).toBe('second-factor')
  })

  it('is none where the host switched that off', async () => {
    const person = await createTotpUser(test)
    const { runtime } = test
    const trustedBrowser = { ...runtime.policy.trustedBrowser, enabled: false }
    const strict = { ...test, runtime: { ...runtime, policy: { ...runtime.policy, trustedBrowser } } }
    const browser = await logInBrowser(strict, person.user)
    await verifyUserSecondFactor(strict.runtime, browser, { code: person.code(), trustBrowser: true })
    expect(browser.trustTokens).toEqual([])
    const elsewhere = await trustBrowser({ ...person, code: (steps = 0) => person.code(steps + 1) })
    const { browserToken, trustTokens } = elsewhere
    const next = await logInBrowser(strict, person.user, createTestCaller({ browserToken, trustTokens }))
    expect(next.session?.awaiting).toBe('second-factor')
  })

  it('does not skip the enrolment of who must have backup codes and has none left', async () => {
    const person = await createTotpUser(test)
    await test.rows(sql`update users set require_second_step = true where id = ${person.user.id}`)
    const browser = await trustBrowser(person)
    await test.rows(sql`update user_backup_codes set used_at = now() where user_id = ${person.user.id}`)
    expect((await again(person, browser)).session).toMatchObject({ awaiting: 'second-factor', aal: 1 })
  })

  it('of an account without a second factor is nothing', async () => {
    const user = await createTestUser(test)
    const browser = await logInBrowser(test, user)
    expect(browser.trustTokens).toEqual([])
  })
})
