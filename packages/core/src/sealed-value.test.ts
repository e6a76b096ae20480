import { createDecipheriv } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRootSecret, deriveKey, parseKeyRing } from './key-ring.ts'
import { open, readKeyId, seal } from './sealed-value.ts'
import { anyText } from './testing-only/any-text.ts'

const ring = parseKeyRing(createRootSecret())
const text = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString()

describe('seal and open', () => {
  it('gives back any bytes in their own context', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (plaintext, context) => {
        expect(open(ring, 'flow', seal(ring, 'flow', plaintext, context), context)).toEqual(
          new Uint8Array(plaintext),
        )
      }),
    )
  })

  it('takes text as UTF-8', () => {
    expect(text(open(ring, 'flow', seal(ring, 'flow', 'grüße 👋', ''), ''))).toBe('grüße 👋')
  })

  it('never seals the same way twice', () => {
    expect(seal(ring, 'flow', 'x', '')).not.toBe(seal(ring, 'flow', 'x', ''))
  })

  it('TOK-03 opens for no other purpose', () => {
    const sealed = seal(ring, 'flash', 'x', 'cookie')
    expect(open(ring, 'flow', sealed, 'cookie')).toBeNull()
    expect(open(ring, 'flash', sealed, 'cookie')).not.toBeNull()
  })

  it('opens in no other context: a value copied to another row is dead', () => {
    const sealed = seal(ring, 'totp', 'seed', 'user_totp/sealed_secret/1')
    expect(open(ring, 'totp', sealed, 'user_totp/sealed_secret/2')).toBeNull()
  })

  it('authenticates version, key id and context beside the text', () => {
    const sealed = Buffer.from(seal(ring, 'totp', 'seed', 'row').slice('v1.k1.'.length), 'base64url')
    const key = deriveKey(ring, 'seal', 'totp', 'k1') ?? ''
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
    decipher.setAAD(Buffer.from('v1.k1.row')).setAuthTag(sealed.subarray(-16))
    expect(decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')).toBe('seed')
  })

  it('refuses every single changed, missing or added character', () => {
    const sealed = seal(ring, 'flow', 'secret', 'here')
    fc.assert(
      fc.property(
        fc.nat(sealed.length - 1),
        fc.constantFrom(...'AZaz09-_.='),
        fc.nat(2),
        (at, character, length) => {
          const changed =
            sealed.slice(0, at) + (length ? character : '') + sealed.slice(at + (length < 2 ? 1 : 0))
          fc.pre(changed !== sealed)
          expect(open(ring, 'flow', changed, 'here')).toBeNull()
        },
      ),
      { numRuns: 500 },
    )
  })

  it('refuses whatever text comes', () => {
    fc.assert(
      fc.property(anyText(), (sealed) => {
        expect(open(ring, 'flow', sealed, '')).toBeNull()
        expect(open(ring, 'flow', `v1.k1.${sealed}`, '')).toBeNull()
      }),
    )
    expect(open(ring, 'flow', 'v1.k1.' + 'A'.repeat(37), '')).toBeNull()
    expect(open(ring, 'flow', `${seal(ring, 'flow', 'x', '')}.`, '')).toBeNull()
  })

  it('CFG-06 opens under an older key while it is listed, and fails closed after', () => {
    const [older, newer] = [createRootSecret(), createRootSecret().replace('k1', 'k2')]
    const sealed = seal(parseKeyRing(older), 'flow', 'x', '')
    const rotated = parseKeyRing(`${newer},${older}`)
    expect(text(open(rotated, 'flow', sealed, ''))).toBe('x')
    expect(seal(rotated, 'flow', 'x', '')).toMatch(/^v1\.k2\./)
    expect(open(parseKeyRing(newer), 'flow', sealed, '')).toBeNull()
  })
})

describe('readKeyId', () => {
  it('CFG-06 names the key a value waits to be moved away from', () => {
    const [older, newer] = [createRootSecret(), createRootSecret().replace('k1', 'key_2')]
    expect(readKeyId(seal(parseKeyRing(older), 'totp', 'seed', 'row'))).toBe('k1')
    expect(readKeyId(seal(parseKeyRing(`${newer},${older}`), 'totp', 'seed', 'row'))).toBe('key_2')
  })

  it.each([
    '',
    'v1',
    'v1.k1',
    'v2.k1.AAAA',
    'v1..AAAA',
    'v1.k1.AAAA.',
    'v1.k 1.AAAA',
    `v1.${'k'.repeat(17)}.AAAA`,
  ])('is null for %j', (sealed) => {
    expect(readKeyId(sealed)).toBeNull()
  })
})
