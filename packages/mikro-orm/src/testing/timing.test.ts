import { describe, expect, it } from 'vitest'
import { isSameTimingClass, median, permutationP } from './timing.ts'

const around = (milliseconds: number) => async () => milliseconds * (0.9 + Math.random() / 5)

describe('isSameTimingClass', () => {
  it('takes two equal things for equal', async () => {
    expect(await isSameTimingClass(40, { first: around(30), second: around(30) })).toBe(true)
  })

  it('sees that one makes a hash and the other none', async () => {
    expect(await isSameTimingClass(40, { first: around(30), second: around(2) })).toBe(false)
  })

  it('sees a third more', async () => {
    expect(await isSameTimingClass(40, { first: around(40), second: around(30) })).toBe(false)
  })
})

describe('permutationP', () => {
  it('is small for two apart and large for one and the same', () => {
    const low = Array.from({ length: 40 }, (_, n) => 10 + (n % 5))
    expect(
      permutationP(
        low,
        low.map((each) => each + 20),
      ),
    ).toBeLessThan(0.01)
    expect(permutationP(low, low)).toBe(1)
  })
})

describe('median', () => {
  it('is the middle, or half-way between the two middles', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })
})
