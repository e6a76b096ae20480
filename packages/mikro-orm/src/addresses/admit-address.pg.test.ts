import { createRootSecret, type KeyRing, parseEmail, parseKeyRing } from '@sigra/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenArea } from '../areas/area.ts'
import { createPolicy } from '../create-policy.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, newId, type Transaction } from '../database/transaction.ts'
import type { PolicyOverrides } from '../policy.ts'
import type { Runtime } from '../runtime.ts'
import { createTestRuntime, createTestUser, race, type TestRuntime, type TestUser } from '../testing/index.ts'
import { RaceLost } from '../testing/race.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import type { UserId } from '../user-id.ts'
import { type AddressWay, admitAddress } from './admit-address.ts'
import { type AddressHold, holdAddress, releaseHold } from './hold-address.ts'
import { lockAddresses } from './lock-addresses.ts'

const addressWays: readonly AddressWay[] = [
  'registration',
  'provider',
  'invitation',
  'change',
  'undo',
  'import',
]

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime()
})
afterAll(() => test.close())

const admit = (
  email: string,
  { way = 'registration', userId = null }: { way?: AddressWay; userId?: UserId | null } = {},
  runtime: Runtime = test.runtime,
) =>
  inTransaction(runtime, async (tx) => {
    const admission = await admitAddress(tx, canonical(email), { way, userId })
    if (admission.ok) expect(admission.address).toBe(canonical(email))
    return admission.ok ? { ok: true } : admission
  })

const withPolicy = (registration: PolicyOverrides['registration']): Runtime => ({
  ...test.runtime,
  policy: createPolicy({ registration: registration ?? {} }),
})

function hold(email: string, { days = 7, ...changes }: Partial<AddressHold> & { days?: number } = {}) {
  return inTransaction(test.runtime, (tx) =>
    holdAddress(tx, {
      address: canonical(email),
      reason: 'changed',
      until: sql`${tx.now} + ${days} * interval '1 day'`,
      userId: null,
      ...changes,
    }),
  )
}

function canonical(email: string) {
  const address = parseEmail(email)
  if (!address) throw new Error(`not an address: ${email}`)
  return address.canonical
}

describe('admitAddress', () => {
  it('lets anybody have an address that nobody holds', async () => {
    for (const way of addressWays) expect(await admit(createTestEmail(), { way })).toEqual({ ok: true })
  })

  it.each(addressWays)('refuses what is held for somebody else, by %s', async (way) => {
    const [owner, other] = [await createTestUser(test), await createTestUser(test)]
    const [held, ownerless] = [createTestEmail(), createTestEmail()]
    await hold(held, { userId: owner.id })
    await hold(ownerless)
    const refused = { ok: false, reason: 'held' }
    expect(await admit(held, { way })).toEqual(refused)
    expect(await admit(held.toUpperCase(), { way, userId: other.id })).toEqual(refused)
    expect(await admit(ownerless, { way })).toEqual(refused)
    expect(await admit(ownerless, { way, userId: other.id })).toEqual(refused)
    expect(await admit(held, { way, userId: owner.id })).toEqual({ ok: true })
  })

  it('lets it go when the time is over, before any sweep', async () => {
    const email = createTestEmail()
    await hold(email, { days: 1 })
    test.advance({ days: 1 })
    expect(await admit(email)).toEqual({ ok: true })
  })

  it('knows what was held before keys were rotated', async () => {
    const [former, next] = [createRootSecret(), createRootSecret().replace('k1', 'k2')]
    const email = createTestEmail()
    const by = (secrets: string): Runtime => ({ ...test.runtime, ring: ringOf(secrets) })
    await inTransaction(by(former), (tx) => holdAddress(tx, changed(tx, email)))
    expect(await admit(email, {}, by(`${next},${former}`))).toEqual({ ok: false, reason: 'held' })
    expect(await admit(email, {}, by(next))).toEqual({ ok: true }) // which is why `secrets rotate` counts holds
  })

  it('waits for whoever has the address in hand, also under another current key', async () => {
    const [one, two] = [createRootSecret(), createRootSecret().replace('k1', 'k2')]
    const address = canonical(createTestEmail())
    const by = (secrets: string): Runtime => ({ ...test.runtime, ring: ringOf(secrets) })
    const order: string[] = []
    await inTransaction(by(`${one},${two}`), async (tx) => {
      await lockAddresses(tx, [address])
      const waiting = inTransaction(by(`${two},${one}`), (other) =>
        admitAddress(other, address, { way: 'registration', userId: null }),
      ).then(() => order.push('second'))
      await tx.rows(sql`select pg_sleep(0.2)`)
      order.push('first')
      return { waiting }
    }).then(({ waiting }) => waiting)
    expect(order).toEqual(['first', 'second'])
  })
})

describe('policy.registration', () => {
  it('lets nobody in by themselves while it is closed, and moves no one who is in', async () => {
    const closed = withPolicy({ mode: 'closed' })
    const answers = addressWays.map(async (way) => [way, await admit(createTestEmail(), { way }, closed)])
    const refused = { ok: false, reason: 'closed' }
    expect(Object.fromEntries(await Promise.all(answers))).toEqual({
      registration: refused,
      provider: refused,
      invitation: refused,
      change: { ok: true },
      undo: { ok: true },
      import: { ok: true },
    })
  })

  it('lets in whom an area invites, and nobody where none does', async () => {
    const invited = withPolicy({ mode: 'invited' })
    const [guest, stranger] = [createTestEmail(), createTestEmail()]
    const refused = { ok: false, reason: 'not-invited' }
    expect(await admit(guest, {}, invited)).toEqual(refused)
    const areas = invited.areas.map((area): OpenArea => ({
      ...area,
      isInvited: (address) => sql`${address} = ${guest}`,
    }))
    expect(await admit(guest, {}, { ...invited, areas })).toEqual({ ok: true })
    expect(await admit(stranger, {}, { ...invited, areas })).toEqual(refused)
  })

  it('knows domains exactly, for all but an undo and an import', async () => {
    const runtime = withPolicy({ domains: ['example.com'] })
    const refused = { ok: false, reason: 'domain' }
    for (const domain of ['mail.example.com', 'example.com.evil.test', 'notexample.com', 'example.org']) {
      expect(await admit(`jane@${domain}`, {}, runtime)).toEqual(refused)
      expect(await admit(`jane@${domain}`, { way: 'change' }, runtime)).toEqual(refused)
      expect(await admit(`jane@${domain}`, { way: 'undo' }, runtime)).toEqual({ ok: true })
      expect(await admit(`jane@${domain}`, { way: 'import' }, runtime)).toEqual({ ok: true })
    }
    expect(await admit('Jane@EXAMPLE.com', {}, runtime)).toEqual({ ok: true })
  })
})

describe('holdAddress', () => {
  it('stores no address, and the later end of two holds', async () => {
    const email = createTestEmail()
    await hold(email, { days: 7 })
    await hold(email, { days: 1 })
    const rows = await test.rows<{ row: object; days: number }>(sql`
      select to_jsonb(h) as row, round(extract(epoch from held_until - clock_timestamp()
        - ${test.runtime.clockOffset()} * interval '1 millisecond') / 86400)::int as days
      from user_address_holds h order by held_until desc limit 1`)
    expect(rows).toMatchObject([{ days: 7 }])
    expect(JSON.stringify(rows)).not.toContain(email.split('@')[0])
  })

  it('is ended by releaseHold, for its owner alone', async () => {
    const [owner, other] = [await createTestUser(test), await createTestUser(test)]
    const email = createTestEmail()
    await hold(email, { userId: owner.id })
    await inTransaction(test.runtime, (tx) => releaseHold(tx, canonical(email), other.id))
    expect(await admit(email)).toEqual({ ok: false, reason: 'held' })
    await inTransaction(test.runtime, (tx) => releaseHold(tx, canonical(email), owner.id))
    expect(await admit(email)).toEqual({ ok: true })
  })
})

describe('LIF-03 an address that changes hands while strangers register it', () => {
  const clients = 8
  const rounds = 40

  it('goes to none of them, and stays held', async () => {
    const given = await race('userAddressHold.digest', {
      rounds,
      clients,
      maxWinners: 0,
      prepare: () => createTestUser(test),
      attempt: async (owner, client) => {
        if (client > 0) return registerLocked(owner)
        await moveAway(owner, (tx) => holdAddress(tx, { ...changed(tx, owner.email), userId: owner.id }))
        return false
      },
      invariant: async (owner) => {
        expect(await ownersOf(owner.canonical)).toEqual([])
        expect(await admit(owner.email)).toEqual({ ok: false, reason: 'held' })
        expect(await admit(owner.email, { userId: owner.id })).toEqual({ ok: true })
      },
    })
    expect(given).toBe(0)
  })

  it('would be given away by one statement that looks for holds and inserts', async () => {
    const naive = race('userAddressHold.digest', {
      rounds,
      clients,
      maxWinners: 0,
      prepare: () => createTestUser(test),
      attempt: async (owner, client) => {
        if (client > 0) return registerAtOnce(owner)
        await moveAway(owner, holdAtOnce(owner))
        return false
      },
      invariant: () => Promise.resolve(),
    })
    await expect(naive).rejects.toThrow(RaceLost)
  })

  const registerLocked = ({ canonical: address }: TestUser) =>
    inTransaction(test.runtime, async (tx) => {
      const { ok } = await admitAddress(tx, address, { way: 'registration', userId: null })
      return ok && insertUser(tx, address, sql`true`)
    })

  const registerAtOnce = ({ canonical: address }: TestUser) =>
    inTransaction(test.runtime, (tx) =>
      insertUser(
        tx,
        address,
        sql`not exists (select from user_address_holds where digest = sha256(${address}::bytea))`,
      ),
    )

  /** What a change of address does with the old one. */
  const moveAway = (owner: TestUser, keep: (tx: Transaction) => Promise<unknown>) =>
    inTransaction(test.runtime, async (tx) => {
      await keep(tx)
      const next = createTestEmail()
      await tx.rows(sql`
        update users set email = ${next}, email_canonical = ${next}, updated_at = ${tx.now} where id = ${owner.id}`)
    })

  const holdAtOnce = (owner: TestUser) => (tx: Transaction) =>
    tx.rows(sql`insert into user_address_holds (digest, key_id, reason, held_until, user_id)
      values (sha256(${owner.canonical}::bytea), 'k1', 'changed', ${tx.now} + interval '7 days', ${owner.id})`)

  async function insertUser(tx: Transaction, address: string, condition: ReturnType<typeof sql>) {
    const rows = await tx.rows(sql`
      insert into users (id, email, email_canonical, created_at)
      select ${newId(tx, tx.tables.user)}, ${address}, ${address}, ${tx.now} where ${condition}
      on conflict (email_canonical) do nothing returning 1`)
    return rows.length > 0
  }

  const ownersOf = (address: string) => test.rows(sql`select from users where email_canonical = ${address}`)
})

function changed(tx: Transaction, email: string): AddressHold {
  const until = sql`${tx.now} + interval '7 days'`
  return { address: canonical(email), reason: 'changed', until, userId: null }
}

function ringOf(secrets: string): KeyRing {
  return parseKeyRing(secrets)
}
