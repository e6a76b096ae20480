import { describe, expect, it } from 'vitest'
import { findLostImport } from './lost-import.ts'

const lost = (before: string, after: string) => findLostImport('app/x.tsx', before, after)
const line = "import { medals } from './medals.ts'\n"

describe('a name whose import goes', () => {
  it.each([
    ['a value', 'export const mine = [medals]'],
    ['a call', 'export const mine = medals()'],
    ['what it holds', 'export const mine = medals.gold'],
    ['a short property', 'export const mine = { medals }'],
    ['an element', 'export const Mine = () => <medals.Gold />'],
    ['a type', 'export type Mine = typeof medals'],
  ])('is found where it is used as %s', (_, rest) => {
    expect(lost(line + rest, rest)).toBe('medals')
  })

  it.each([
    ['with its last use', line + 'export const mine = [medals]', 'export const mine = []'],
    [
      'and comes from elsewhere',
      line + 'export const mine = medals',
      "import { medals } from './own.ts'\nexport const mine = medals",
    ],
    [
      'and is declared instead',
      line + 'export const mine = medals',
      'const medals = 1\nexport const mine = medals',
    ],
    [
      'and is a parameter',
      line + 'export const mine = medals',
      'export const mine = (medals: string) => medals',
    ],
    [
      'and is taken out of an object',
      line + 'export const mine = medals',
      'export const mine = ({ medals }: Own) => medals',
    ],
    [
      'and is only a property',
      line + 'export const mine = medals',
      'export const mine = { medals: own.medals }',
    ],
    ['and the text does not parse', line + 'export const mine = medals', 'export const = medals'],
  ])('is no loss where it goes %s', (_, before, after) => {
    expect(lost(before, after)).toBeNull()
  })

  it('is nobody’s concern in prose', () => {
    expect(findLostImport('README.md', line + 'medals', 'medals')).toBeNull()
  })
})
