import { describe, expect, it } from 'vitest'
import { findCircles } from './lib/circles.ts'

describe('findCircles', () => {
  it('finds none where data flows one way', () => {
    expect(findCircles(new Map([['a', ['b', 'c']], ['b', ['c']], ['c', []]]))).toEqual([]) // prettier-ignore
  })

  it('names the way of each circle, also of one that is reached from outside', () => {
    const imports = new Map([
      ['start', ['a']],
      ['a', ['b']],
      ['b', ['c', 'elsewhere']],
      ['c', ['a', 'c']],
    ])
    expect(findCircles(imports)).toEqual([
      ['a', 'b', 'c', 'a'],
      ['c', 'c'],
    ])
  })
})
