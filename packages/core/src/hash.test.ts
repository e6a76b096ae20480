import { expect, it } from 'vitest'
import { sha256 } from './hash.ts'

it('agrees with FIPS 180-4 on "abc", as text and as bytes', () => {
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(Buffer.from(sha256('abc')).toString('hex')).toBe(expected)
  expect(sha256(new TextEncoder().encode('abc'))).toEqual(sha256('abc'))
})
