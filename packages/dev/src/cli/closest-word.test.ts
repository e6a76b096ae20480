import { describe, expect, it } from 'vitest'
import { findClosestWord } from './closest-word.ts'

const words = ['dev', 'db:migrate', 'status', 'diff', 'apply']

describe('findClosestWord', () => {
  it.each([
    ['aply', 'apply'],
    ['stat', 'status'],
    ['db:migrat', 'db:migrate'],
    ['dve', 'dev'],
  ])('reads %s as %s', (typed, meant) => {
    expect(findClosestWord(typed, words)).toBe(meant)
  })

  it('does not guess when nothing is close', () => {
    expect(findClosestWord('frobnicate', words)).toBeNull()
  })
})
