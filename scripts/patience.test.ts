import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const tests = ['packages/*/src/**/*.test.{ts,tsx}', 'generators/src/**/*.test.ts', 'e2e/hosts/*.test.ts']
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

const numbersOf = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, digits = '']) => Number(digits.replaceAll('_', '')))

/** The bounds of vitest.config.ts: a test that names its own needs a longer one, never a shorter one. */
describe('a test', () => {
  const config = readFileSync(join(root, 'vitest.config.ts'), 'utf8')
  const [longest = Infinity] = numbersOf(config, /testTimeout: ([\d_]+)/g)
  const [patience = Infinity] = numbersOf(config, /poll: \{ timeout: ([\d_]+)/g)

  it.each([
    [
      'is stopped',
      /(?:testTimeout: |['"`], \{ timeout: |^\s+\{ timeout: )([\d_]+)(?= \}(?:,|\)))/gm,
      longest,
    ],
    ['stops waiting', /(?:poll|waitFor|waitUntil)\([^\n]*\{ timeout: ([\d_]+)/g, patience],
  ])('%s no earlier than all others: a busy machine is no defect', (_, pattern, bound) => {
    expect(bound).toBeLessThan(Infinity)
    const hasty = tests.filter(({ text }) => numbersOf(text, pattern).some((number) => number < bound))
    expect(hasty.map(({ path }) => path)).toEqual([])
  })
})
