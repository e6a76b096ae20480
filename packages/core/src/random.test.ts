import { expect, it } from 'vitest'
import { systemRandom } from './random.ts'

it('fills every byte, differently each time', () => {
  const first = new Uint8Array(64)
  const second = new Uint8Array(64)
  systemRandom(first)
  systemRandom(second)
  expect(first).not.toEqual(second)
  expect(new Set(first).size).toBeGreaterThan(16)
})
