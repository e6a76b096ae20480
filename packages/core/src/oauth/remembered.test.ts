import { describe, expect, it } from 'vitest'
import { remembered } from './remembered.ts'

const life = { lifeMilliseconds: 1000, failureMilliseconds: 10 }

describe('remembered', () => {
  it('asks once for all who come at once, and again when the answer is old', async () => {
    const clock = { at: 0 }
    let asked = 0
    const get = remembered(async () => (asked += 1), { ...life, now: () => clock.at })
    expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1])
    clock.at = 999
    expect(await get()).toBe(1)
    clock.at = 1000
    expect(await get()).toBe(2)
  })

  it('tries again after a failure, though not at once', async () => {
    const clock = { at: 0 }
    let asked = 0
    const get = remembered(
      async () => {
        asked += 1
        if (asked === 1) throw new Error('away')
        return 'here'
      },
      { ...life, now: () => clock.at },
    )
    await expect(get()).rejects.toThrow('away')
    await expect(get()).rejects.toThrow('away')
    expect(asked).toBe(1)
    clock.at = 10
    expect(await get()).toBe('here')
  })
})
