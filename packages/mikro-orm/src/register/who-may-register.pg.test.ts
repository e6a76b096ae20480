import { parseEmail } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { holdAddress } from '../addresses/hold-address.ts'
import { createPolicy } from '../create-policy.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import type { PolicyOverrides } from '../policy.ts'
import type { Runtime } from '../runtime.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  recordQueries,
  type TestRuntime,
} from '../testing/index.ts'
import { deliverMail, readQueue } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail, testPassword as password } from '../testing/test-registration.ts'
import { readAudit, snapshot } from '../testing/test-snapshot.ts'
import type { UserId } from '../user-id.ts'
import { registerUser } from './register-user.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
afterAll(() => test.close())

const register = (email: string, runtime: Runtime = test.runtime) =>
  registerUser(runtime, createTestCaller(), { email, password })

const usersWith = (email: string) => test.rows(sql`select from users where email_canonical = ${email}`)

function withPolicy(registration: PolicyOverrides['registration']): Runtime {
  const overrides = { ...generousLimits, ...cheapHashing, registration: registration ?? {} }
  return { ...test.runtime, policy: createPolicy(overrides, { dangerouslyWeak: true }) }
}

/** An address that changed hands: its former owner may have it back, nobody else may have it. */
async function createHeldAddress(userId: UserId | null = null): Promise<string> {
  const email = createTestEmail()
  const address = parseEmail(email)?.canonical
  if (address === undefined) throw new Error('not an address')
  await inTransaction(test.runtime, (tx) =>
    holdAddress(tx, { address, reason: 'changed', until: sql`${tx.now} + interval '7 days'`, userId }),
  )
  return email
}

describe('LIF-03 an address that is held', () => {
  it('is answered like any other: one hash, one job, the same statements', async () => {
    const taken = await createTestUser(test)
    const costs = []
    for (const email of [taken.email, await createHeldAddress(taken.id), await createHeldAddress()]) {
      const { calls } = test.runtime.hasher
      const jobs = (await readQueue(test)).length
      const queries = await recordQueries(test.orm, async () => {
        expect(await register(email)).toEqual({ ok: true })
      })
      costs.push({
        hashes: test.runtime.hasher.calls - calls,
        jobs: (await readQueue(test)).length - jobs,
        statements: queries.length,
      })
    }
    expect(costs).toEqual([costs[0], costs[0], costs[0]])
    expect(costs[0]).toMatchObject({ hashes: 1, jobs: 1 })
  })

  it('gets no account and no mail; the audit log says why', async () => {
    const email = await createHeldAddress()
    await register(email)
    expect(await usersWith(email)).toEqual([])
    expect(await deliverMail(test)).toMatchObject({ sent: [], dropped: ['no such user'] })
    expect(await lastReason()).toBe('held')
  })

  it('is given to whoever registers first once it is held no more', async () => {
    const email = await createHeldAddress()
    test.advance({ days: 7 })
    expect(await register(email)).toEqual({ ok: true })
    expect(await usersWith(email)).toHaveLength(1)
  })

  it('goes to nobody, however many register it while it changes hands', async () => {
    await race('userAddressHold.digest', {
      rounds: 20,
      clients: 8,
      maxWinners: 0,
      prepare: () => createTestUser(test),
      attempt: async (owner, client) => {
        if (client > 0) {
          await register(owner.email)
          return false
        }
        await inTransaction(test.runtime, async (tx) => {
          const until = sql`${tx.now} + interval '7 days'`
          const { canonical: address, id: userId } = owner
          await holdAddress(tx, { address, reason: 'changed', until, userId })
          const next = createTestEmail()
          await tx.rows(
            sql`update users set email = ${next}, email_canonical = ${next} where id = ${owner.id}`,
          )
        })
        return false
      },
      invariant: async (owner) => {
        expect(await usersWith(owner.canonical)).toEqual([])
      },
    })
  })
})

describe('policy.registration', () => {
  it('closed: says so to everybody, and looks at nothing', async () => {
    const closed = withPolicy({ mode: 'closed' })
    const taken = await createTestUser(test)
    const before = await snapshot(test)
    const { calls } = test.runtime.hasher
    for (const email of [taken.email, createTestEmail(), 'no address']) {
      const queries = await recordQueries(test.orm, async () => {
        expect(await register(email, closed)).toEqual({ ok: false, reason: 'registration-closed' })
      })
      expect(queries).toEqual([])
    }
    expect(test.runtime.hasher.calls).toBe(calls)
    expect(await snapshot(test)).toBe(before)
  })

  it('invited: answers like a taken address, with no account and no mail for who is not', async () => {
    const invited = withPolicy({ mode: 'invited' })
    const email = createTestEmail()
    const { calls } = test.runtime.hasher
    expect(await register(email, invited)).toEqual({ ok: true })
    expect(test.runtime.hasher.calls - calls).toBe(1)
    expect(await usersWith(email)).toEqual([])
    expect((await deliverMail(test)).sent).toEqual([])
    expect(await lastReason()).toBe('not-invited')
  })

  it('invited: registers whom an area invites, and tells owners of accounts as ever', async () => {
    const [guest, taken] = [createTestEmail(), await createTestUser(test)]
    const invited = withPolicy({ mode: 'invited' })
    const areas = invited.areas.map((area) => ({ ...area, isInvited: () => sql`true` }))
    await register(guest, { ...invited, areas })
    expect(await usersWith(guest)).toHaveLength(1)
    await register(taken.email, invited)
    expect((await deliverMail(test)).sent).toMatchObject([
      { kind: 'confirmAddress', to: guest },
      { kind: 'alreadyRegistered', to: taken.email },
    ])
    expect((await readAudit(test, taken.email)).at(-1)).toMatchObject({
      metadata: { reason: 'already-registered' },
    })
  })

  it('domains: says so at the field, for taken and free alike, before anything is read or hashed', async () => {
    const runtime = withPolicy({ domains: ['example.org', 'example.net'] })
    const taken = await createTestUser(test)
    const { calls } = test.runtime.hasher
    for (const email of [taken.email, createTestEmail()]) {
      expect(await register(email, runtime)).toEqual({
        ok: false,
        reason: 'invalid',
        errors: { email: [{ reason: 'other-domain', domains: ['example.org', 'example.net'] }] },
      })
    }
    expect(test.runtime.hasher.calls).toBe(calls)
    expect(await register('jane@Example.ORG', runtime)).toEqual({ ok: true })
  })
})

async function lastReason(): Promise<unknown> {
  const [row] = await test.rows<{ reason: unknown }>(
    sql`select metadata ->> 'reason' as reason from audit_events order by id desc limit 1`,
  )
  return row?.reason
}
