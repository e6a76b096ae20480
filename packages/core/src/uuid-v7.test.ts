import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigInvalid } from './errors.ts'
import { createUuidV7 } from './uuid-v7.ts'

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('createUuidV7', () => {
  it('agrees with the example of RFC 9562, A.6', () => {
    const random = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]
    const id = createUuidV7(new Date(0x017f22e279b0), (bytes) => bytes.set(random, 6))
    expect(id).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })

  it('has the version and variant bits whatever the random bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (random) => {
        expect(createUuidV7(new Date(), (bytes) => bytes.set(random))).toMatch(UUID_V7)
      }),
    )
  })

  it('sorts by time', () => {
    const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 })
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        fc.pre(a !== b)
        expect(createUuidV7(new Date(a)) < createUuidV7(new Date(b))).toBe(a < b)
      }),
    )
  })

  it.each([new Date(Number.NaN), new Date(-1), new Date(2 ** 48)])('refuses %s', (now) => {
    expect(() => createUuidV7(now)).toThrow(ConfigInvalid)
  })
})
