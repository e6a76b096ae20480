import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { createTestRuntime, race, RaceLost, type TestRuntime } from './index.ts'

describe('race', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime()
    await test.rows(sql`create table tickets (id text primary key, used_at timestamptz)`)
  })
  afterAll(() => test.close())

  async function createTicket() {
    const id = randomBytes(8).toString('hex')
    await test.rows(sql`insert into tickets (id) values (${id})`)
    return id
  }

  const isUsed = async (id: string) => {
    expect(await test.rows(sql`select from tickets where id = ${id} and used_at is not null`)).toHaveLength(1)
  }

  it('catches an implementation that reads, then writes', async () => {
    const naive = (id: string) =>
      inTransaction(test.runtime, async (tx) => {
        const [ticket] = await tx.rows<{ used: boolean }>(
          sql`select used_at is not null as used from tickets where id = ${id}`,
        )
        if (ticket?.used !== false) return false
        await tx.rows(sql`update tickets set used_at = ${tx.now} where id = ${id}`)
        return true
      })
    await expect(
      race('userToken.usedAt', { prepare: createTicket, attempt: naive, invariant: isUsed }),
    ).rejects.toThrow(RaceLost)
  })

  it('lets one conditional statement pass', async () => {
    const guarded = (id: string) =>
      inTransaction(test.runtime, async (tx) => {
        const rows = await tx.rows(
          sql`update tickets set used_at = ${tx.now} where id = ${id} and used_at is null returning id`,
        )
        return rows.length === 1
      })
    const winners = await race('userToken.usedAt', {
      prepare: createTicket,
      attempt: guarded,
      invariant: isUsed,
    })
    expect(winners).toBe(40)
  })
})
