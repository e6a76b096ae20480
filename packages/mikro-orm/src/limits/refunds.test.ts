import { describe, expect, it } from 'vitest'
import { type Sql, sql } from '../database/sql.ts'
import { createRefunds } from './refunds.ts'

describe('createRefunds', () => {
  const refund = sql`select 1`
  let isAway = false
  let written: Sql[] = []
  let time = 0
  const open = () => {
    ;[isAway, written, time] = [false, [], 0]
    return createRefunds(
      async (each) => {
        if (isAway) throw new RangeError('away')
        written.push(each)
      },
      () => time,
    )
  }

  it('writes at once what can be written', async () => {
    const refunds = open()
    await refunds.give(refund)
    expect(written).toEqual([refund])
    expect(refunds.kept).toBe(0)
  })

  it('keeps what cannot be written, and writes it once, when it can', async () => {
    const refunds = open()
    isAway = true
    await refunds.give(refund)
    await refunds.retry()
    expect(refunds.kept).toBe(1)
    isAway = false
    await refunds.retry()
    await refunds.retry()
    expect(written).toEqual([refund])
    expect(refunds.kept).toBe(0)
    refunds.close()
  })

  it('RL-08 tries one at a time, however long a write takes, and again for as long as something is kept', async () => {
    let tries = 0
    let finish = Promise.withResolvers<void>()
    const refunds = createRefunds(
      () => {
        tries += 1
        return finish.promise
      },
      () => 0,
    )
    finish.reject(new RangeError('away'))
    await refunds.give(refund)
    finish = Promise.withResolvers()
    const slow = refunds.retry()
    const meanwhile = refunds.retry()
    expect([tries, refunds.kept]).toEqual([2, 1])
    finish.reject(new RangeError('away'))
    await Promise.all([slow, meanwhile])
    expect(refunds.kept).toBe(1)
    finish = Promise.withResolvers()
    finish.resolve()
    await refunds.retry()
    expect([tries, refunds.kept]).toEqual([3, 0])
  })

  it('gives up after ten minutes', async () => {
    const refunds = open()
    isAway = true
    await refunds.give(refund)
    time = 599_999
    await refunds.retry()
    expect(refunds.kept).toBe(1)
    time = 600_000
    isAway = false
    await refunds.retry()
    expect(written).toEqual([])
    expect(refunds.kept).toBe(0)
    refunds.close()
  })
})
