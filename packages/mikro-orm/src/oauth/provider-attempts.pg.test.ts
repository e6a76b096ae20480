import { createRootSecret } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import {
  createTestCaller,
  createTestRuntime,
  nextRequest,
  race,
  RaceLost,
  recordQueries,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { testOauth } from '../testing/oauth/test-oauth.ts'
import {
  comeBack,
  createProviderPerson,
  startTestProvider,
  type TestProvider,
} from '../testing/oauth/test-provider.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { sweepExpired } from '../sweeps/sweep-expired.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import { completeProviderLogIn } from './complete-provider-log-in.ts'
import { openAttempt, sealAttempt } from './sealed-attempt.ts'
import { startProviderLogIn } from './start-provider-log-in.ts'

let test: TestRuntime
let acme: TestProvider
let globex: TestProvider
beforeAll(async () => {
  acme = await startTestProvider('acme')
  globex = await startTestProvider('globex')
  test = await createTestRuntime({
    policy: { ...generousLimits, ...cheapHashing },
    further: testOauth([acme.provider, globex.provider]),
  })
})
afterAll(async () => {
  await test.close()
  await acme.idp.close()
  await globex.idp.close()
})

let browser: TestCaller
beforeEach(() => {
  browser = createTestCaller()
  acme.idp.tamper = () => null
  acme.idp.person = createProviderPerson(createTestEmail())
})

const outOfDate = { ok: false, reason: 'out-of-date' }
const begin = (from = browser) => comeBack(test, acme, from)
const end = (answer: URLSearchParams, from = browser, provider = 'acme') =>
  completeProviderLogIn(test.runtime, from, { provider, answer })
const changed = (answer: URLSearchParams, change: (copy: URLSearchParams) => void) => {
  const copy = new URLSearchParams(answer)
  change(copy)
  return copy
}
const countUsers = async () => {
  const [row] = await test.rows<{ count: number }>(sql`select count(*)::int as count from users`)
  return row?.count
}

describe('an attempt', () => {
  it.each([
    ['without a state', (copy: URLSearchParams) => copy.delete('state')],
    ['with an empty one', (copy: URLSearchParams) => copy.set('state', '')],
    ['with another', (copy: URLSearchParams) => copy.set('state', 'A'.repeat(43))],
    ['with one of 100 kB', (copy: URLSearchParams) => copy.set('state', 'A'.repeat(100_000))],
    ['with NUL in it', (copy: URLSearchParams) => copy.set('state', `${copy.get('state')}\0`)],
    ['OA-06: with two', (copy: URLSearchParams) => copy.append('state', copy.get('state') ?? '')],
    ['OA-06: with two codes', (copy: URLSearchParams) => copy.append('code', 'other')],
    ['OA-06: with two issuers', (copy: URLSearchParams) => copy.append('iss', 'https://other.test')],
  ])('OA-01: ends with no answer %s, and waits for the right one', async (_, change) => {
    const answer = await begin()
    acme.idp.asked.length = 0
    expect(await end(changed(answer, change))).toEqual(outOfDate)
    expect(acme.idp.asked).toEqual([])
    expect(browser.sessionToken).toBeNull()
    expect(await end(answer)).toMatchObject({ ok: true })
  })

  it('OA-01: is of the browser that began it: another one ends nothing, and takes nothing away', async () => {
    const answer = await begin()
    const other = createTestCaller()
    expect(await end(answer, other)).toEqual(outOfDate)
    const unknown = { ...other, browserToken: null }
    expect(await completeProviderLogIn(test.runtime, unknown, { provider: 'acme', answer })).toEqual(
      outOfDate,
    )
    expect(other.sessionToken).toBeNull()
    expect(await end(answer)).toMatchObject({ ok: true })
  })

  it('OA-02: is of one provider: its answer is none of another’s', async () => {
    const answer = await begin()
    expect(await end(answer, browser, 'globex')).toEqual(outOfDate)
    expect(await end(answer)).toMatchObject({ ok: true })
  })

  it('OA-05: takes no code that somebody else was given', async () => {
    const other = createTestCaller()
    const theirs = await begin(other)
    acme.idp.person = createProviderPerson(createTestEmail())
    const own = await begin()
    const injected = changed(own, (copy) => copy.set('code', theirs.get('code') ?? ''))
    const before = await countUsers()
    expect(await end(injected)).toMatchObject({ ok: false, reason: 'refused' })
    expect(await end(own)).toEqual(outOfDate) // it was looked at once
    expect(await countUsers()).toBe(before)
    expect(browser.sessionToken).toBeNull()
  })

  it('OA-21: answers the same once more with where it led to, and lets nobody in', async () => {
    const answer = await comeBack(test, acme, browser, { redirectTo: '/projects' })
    expect(await end(answer)).toMatchObject({ ok: true, redirectTo: '/projects' })
    const again = { ...createTestCaller({ browserToken: browser.browserToken }) }
    expect(await end(answer, again)).toEqual({ ok: false, reason: 'done', redirectTo: '/projects' })
    expect(again.sessionToken).toBeNull()
    expect((await nextRequest(test.runtime, browser)).session).not.toBeNull()
  })

  it('lasts ten minutes, and is swept then', async () => {
    const clock = await createTestRuntime({ further: testOauth([acme.provider]), policy: cheapHashing })
    const answer = await comeBack(clock, acme, browser)
    clock.advance({ minutes: 10 })
    expect(await completeProviderLogIn(clock.runtime, browser, { provider: 'acme', answer })).toEqual(
      outOfDate,
    )
    expect(await sweepExpired(clock.runtime)).toMatchObject({ attempts: 1 })
    await clock.close()
  })

  it('is one of ten: one more ends the oldest', async () => {
    const first = await begin()
    for (let n = 0; n < 9; n += 1) await startProviderLogIn(test.runtime, browser, { provider: 'acme' })
    const count = () =>
      test.rows(sql`
        select from user_oauth_attempts where browser_hash = (
          select browser_hash from user_oauth_attempts order by created_at desc limit 1)`)
    expect(await count()).toHaveLength(10)
    await startProviderLogIn(test.runtime, browser, { provider: 'acme' })
    expect(await count()).toHaveLength(10)
    expect(await end(first)).toEqual(outOfDate)
  })

  it('OA-17: is stored without its state, and its secrets open for no other', async () => {
    const answer = await begin()
    const [row] = await test.rows<{ row: string; sealed: string }>(sql`
      select to_jsonb(a)::text as row, sealed_secrets as sealed from user_oauth_attempts a order by created_at desc limit 1`)
    const state = answer.get('state') ?? ''
    expect(row?.row).not.toContain(state)
    const { ring } = test.runtime
    expect(openAttempt(ring, state, row?.sealed ?? '')).toMatchObject({ state, nonce: expect.any(String) })
    expect(openAttempt(ring, 'A'.repeat(43), row?.sealed ?? '')).toBeNull()
    const [other] = await test.rows<{ sealed: string }>(
      sql`select ${sealAttempt(ring, { state: 'other', nonce: 'n', verifier: 'v' })}::text as sealed`,
    )
    await test.rows(
      sql`update user_oauth_attempts set sealed_secrets = ${other?.sealed} where step = 'started'`,
    )
    expect(await end(answer)).toEqual(outOfDate)
  })

  it('OA-17: keeps no secret once its answer has come', async () => {
    await end(await begin())
    const [row] = await test.rows(
      sql`select sealed_secrets as sealed, step from user_oauth_attempts order by created_at desc limit 1`,
    )
    expect(row).toEqual({ sealed: null, step: 'done' })
  })

  it('is out of date when the key has gone that sealed it', async () => {
    const answer = await begin()
    const { ring } = (await createOtherRing()).runtime
    const runtime = { ...test.runtime, ring }
    expect(await completeProviderLogIn(runtime, browser, { provider: 'acme', answer })).toEqual(outOfDate)
  })

  it('ends where somebody goes back, and the log knows by which word', async () => {
    const answer = await begin()
    const cancelled = changed(answer, (copy) => {
      copy.delete('code')
      copy.set('error', 'access_denied')
      copy.set('error_description', '<b>hostile</b>')
    })
    expect(await end(cancelled)).toEqual({ ok: false, reason: 'cancelled', code: 'access_denied' })
    const [line] = await test.rows(sql`
      select outcome, metadata from audit_events where action = 'auth.log_in_failed' order by occurred_at desc limit 1`)
    expect(line).toEqual({ outcome: 'failure', metadata: { method: 'provider', reason: 'access_denied' } })
    expect(await end(answer)).toEqual(outOfDate)
  })

  it('OA-07: lets nobody in by a token that nobody signed', async () => {
    acme.idp.tamper = (path, body) => {
      if (path !== '/token') return null
      const answer: { id_token: string } = JSON.parse(body)
      const [head, claims] = answer.id_token.split('.')
      return { body: JSON.stringify({ ...answer, id_token: `${head}.${claims}.${'A'.repeat(342)}` }) }
    }
    const before = await countUsers()
    expect(await end(await begin())).toMatchObject({ ok: false, reason: 'invalid-answer' })
    expect(await countUsers()).toBe(before)
  })

  it('is begun and ended thirty times a minute by a network', async () => {
    const strict = await createTestRuntime({
      further: testOauth([acme.provider], { policy: { attempts: { capacity: 2, perSeconds: 60 } } }),
    })
    const answer = await comeBack(strict, acme, browser)
    expect(await completeProviderLogIn(strict.runtime, browser, { provider: 'acme', answer })).toMatchObject({
      ok: true,
    })
    const limited = { ok: false, reason: 'limited', retryAfterSeconds: expect.any(Number) }
    expect(await startProviderLogIn(strict.runtime, browser, { provider: 'acme' })).toEqual(limited)
    expect(await completeProviderLogIn(strict.runtime, browser, { provider: 'acme', answer })).toEqual(
      limited,
    )
    await strict.close()
  })

  it('is kept of nobody whose provider does not answer', async () => {
    const dead = await startTestProvider('acme')
    await dead.idp.close()
    const offline = await createTestRuntime({ further: testOauth([dead.provider]) })
    const statements = await recordQueries(offline.orm, async () => {
      expect(await startProviderLogIn(offline.runtime, browser, { provider: 'acme' })).toMatchObject({
        ok: false,
      })
    })
    expect(statements).toHaveLength(1) // what it charged
    await offline.close()
  })
})

describe('OA-19: a provider that stalls', () => {
  it('holds no connection: of one there is, everybody else has it', async () => {
    const single = await createTestRuntime({ poolSize: 1, further: testOauth([acme.provider]) })
    const answer = await comeBack(single, acme, browser)
    const asked = Promise.withResolvers<void>()
    const released = Promise.withResolvers<null>()
    acme.idp.tamper = (path) => {
      if (path !== '/token') return null
      asked.resolve()
      return released.promise
    }
    const coming = completeProviderLogIn(single.runtime, browser, { provider: 'acme', answer })
    await asked.promise
    expect(await single.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
    released.resolve(null)
    expect(await coming).toMatchObject({ ok: true })
    await single.close()
  })
})

describe('at once', () => {
  it('OA-21: of sixteen answers to one attempt one lets somebody in', async () => {
    const winners = await race('userOauthAttempt.step', {
      rounds: 5,
      prepare: async () => {
        acme.idp.person = createProviderPerson(createTestEmail())
        const raced = createTestCaller()
        return { raced, answer: await begin(raced) }
      },
      attempt: async ({ raced, answer }) => (await end(answer, { ...raced })).ok,
      invariant: async () => undefined,
    })
    expect(winners).toBe(5)
  })

  it('OA-21: who looks first and takes then lets several in', async () => {
    const naive = race('userOauthAttempt.step', {
      rounds: 20,
      prepare: async () => {
        const { url } = await startRaced()
        return url.searchParams.get('state') ?? ''
      },
      attempt: async () => {
        const open = await test.rows<{ id: string }>(
          sql`select id from user_oauth_attempts where step = 'started' order by created_at desc limit 1`,
        )
        const [row] = open
        if (!row) return false
        await test.rows(sql`update user_oauth_attempts set step = 'taken' where id = ${row.id}`)
        return true
      },
      invariant: async () => undefined,
    })
    await expect(naive).rejects.toThrow(RaceLost)
  })

  it('OA-21: somebody new in sixteen browsers has one account, and is in by each', async () => {
    await race('userIdentity.subject', {
      rounds: 4,
      maxWinners: 16,
      prepare: async (round) => {
        const person = createProviderPerson(createTestEmail(), { sub: `new-${round}` })
        acme.idp.person = person
        const browsers = await Promise.all(
          Array.from({ length: 16 }, async () => {
            const raced = createTestCaller()
            return { raced, answer: await begin(raced) }
          }),
        )
        return { person, browsers }
      },
      attempt: async ({ browsers }, client) => {
        const one = browsers[client]
        return one ? (await end(one.answer, one.raced)).ok : false
      },
      invariant: async ({ person }, winners) => {
        expect(winners).toBe(16)
        expect(await test.rows(sql`select from users where email = ${person.email}`)).toHaveLength(1)
        expect(await test.rows(sql`select from user_identities where subject = ${person.sub}`)).toHaveLength(
          1,
        )
      },
    })
  })
})

async function startRaced() {
  const started = await startProviderLogIn(test.runtime, createTestCaller(), { provider: 'acme' })
  if (!started.ok) throw new Error(started.reason)
  return started
}

async function createOtherRing() {
  const other = await createTestRuntime({
    secrets: createRootSecret().replace('k1:', 'k9:'),
    further: testOauth([acme.provider]),
  })
  await other.close()
  return other
}
