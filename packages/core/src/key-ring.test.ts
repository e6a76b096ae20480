import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from './base64url.ts'
import { ConfigInvalid } from './errors.ts'
import { createMac, createRootSecret, deriveKey, parseKeyRing } from './key-ring.ts'
import { systemRandom } from './random.ts'

const fixedKey = Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256)
const fixed = `k1:${encodeBase64Url(fixedKey)}`

function randomKey(length = 32): string {
  const bytes = new Uint8Array(length)
  systemRandom(bytes)
  return encodeBase64Url(bytes)
}

describe('parseKeyRing', () => {
  it('takes the first key as the current one', () => {
    const ring = parseKeyRing(`new:${randomKey()}, old:${randomKey(64)}`)
    expect(ring).toEqual({ currentKeyId: 'new', keyIds: ['new', 'old'] })
  })

  it.each([
    ['nothing', ''],
    ['no id', randomKey()],
    ['an empty id', `:${randomKey()}`],
    ['an id with a dot', `k.1:${randomKey()}`],
    ['an id of 17 characters', `${'k'.repeat(17)}:${randomKey()}`],
    ['no key', 'k1:'],
    ['padding', `k1:${randomKey()}=`],
    ['the standard alphabet', `k1:${'+/'.repeat(21)}A`],
    ['a comma at the end', `k1:${randomKey()},`],
    ['nine keys', Array.from({ length: 9 }, (_, index) => `k${index}:${randomKey()}`).join(',')],
  ])('CFG-01 refuses %s', (_, text) => {
    expect(() => parseKeyRing(text)).toThrow(ConfigInvalid)
  })

  it('CFG-01 refuses a key below 32 bytes', () => {
    expect(() => parseKeyRing(`k1:${randomKey(31)}`)).toThrow(/32/)
    expect(() => parseKeyRing(`k1:${randomKey(65)}`)).toThrow(/64/)
  })

  it('CFG-01 refuses a repeated id and a repeated key', () => {
    const key = randomKey()
    expect(() => parseKeyRing(`k1:${key},k1:${randomKey()}`)).toThrow('twice')
    expect(() => parseKeyRing(`k1:${key},k2:${key}`)).toThrow('same secret')
  })

  it.each([
    ['zeros', new Uint8Array(32)],
    ['one repeated byte', new Uint8Array(32).fill(171)],
    ['a count', Uint8Array.from({ length: 32 }, (_, index) => index)],
    ['typed text', new TextEncoder().encode('please-change-this-to-32-bytes!!')],
    ['two alternating bytes', Uint8Array.from({ length: 32 }, (_, index) => (index % 2) * 85)],
    ['a readable word', Buffer.from('change-me-change-me-change-me-change-me-AAA', 'base64url')],
  ])('CFG-01 refuses %s in production', (_, key) => {
    const text = `k1:${encodeBase64Url(key)}`
    expect(parseKeyRing(text).currentKeyId).toBe('k1')
    expect(() => parseKeyRing(text, { production: true })).toThrow(/sample/)
  })

  it('never quotes a key in its refusal', () => {
    const key = randomKey(16)
    expect(() => parseKeyRing(`k1:${key}`)).toThrow(expect.not.stringContaining(key))
  })

  it('takes in production what createRootSecret makes', () => {
    for (let round = 0; round < 200; round++) {
      expect(parseKeyRing(createRootSecret(), { production: true }).keyIds).toEqual(['k1'])
    }
  })

  it('INJ-03 shows no key however it is printed', () => {
    const ring = parseKeyRing(fixed)
    const shown = inspect(ring, { showHidden: true, depth: null }) + JSON.stringify(ring)
    expect(shown).not.toContain(encodeBase64Url(fixedKey))
    expect(shown).not.toContain(Buffer.from(fixedKey).toString('hex').slice(0, 8))
    expect(Reflect.ownKeys(ring)).toEqual(['currentKeyId', 'keyIds'])
    expect(Object.isFrozen(ring)).toBe(true)
  })
})

describe('createMac', () => {
  it('stays what it is from release to release', () => {
    const mac = createMac(parseKeyRing(fixed), 'purpose', 'data')
    expect(Buffer.from(mac).toString('hex')).toBe(
      'a66724d1c1d444e16e4b2090ae5ef631e7c34bae341abb6a9d155216b0bc30c5',
    )
  })

  it('TOK-03 differs by purpose, by key and by data', () => {
    const ring = parseKeyRing(`${fixed},k2:${randomKey()}`)
    const macs = [
      createMac(ring, 'confirm', 'data'),
      createMac(ring, 'reset-password', 'data'),
      createMac(ring, 'confirm', 'data', 'k2'),
      createMac(ring, 'confirm', 'datb'),
    ]
    expect(new Set(macs.map((mac) => mac && encodeBase64Url(mac))).size).toBe(4)
    expect(createMac(ring, 'confirm', 'data', 'k1')).toEqual(macs[0])
  })

  it('CFG-06 fails closed on an unknown key id', () => {
    const ring = parseKeyRing(fixed)
    expect(createMac(ring, 'confirm', 'data', 'k2')).toBeNull()
    expect(createMac(ring, 'confirm', 'data', '__proto__')).toBeNull()
  })

  it('refuses a ring that parseKeyRing did not make', () => {
    expect(() => createMac({ currentKeyId: 'k1', keyIds: ['k1'] }, 'a', 'b')).toThrow(ConfigInvalid)
    expect(() => createMac({ ...parseKeyRing(fixed) }, 'a', 'b')).toThrow(ConfigInvalid)
  })
})

describe('deriveKey', () => {
  it('CFG-01 never gives MAC and encryption the same key, nor any key the root', () => {
    const ring = parseKeyRing(fixed)
    const mac = deriveKey(ring, 'mac', 'x', 'k1')
    expect(mac).toHaveLength(32)
    expect(mac).not.toEqual(deriveKey(ring, 'seal', 'x', 'k1'))
    expect(mac).not.toEqual(fixedKey)
  })

  it('CFG-01 has one label per use and purpose: no two can be spelled alike', () => {
    const ring = parseKeyRing(`k1:${randomKey()},k1-mac:${randomKey()}`)
    const keys = ['a', 'a/b', 'b', 'mac/a', 'seal/a'].flatMap((purpose) => [
      deriveKey(ring, 'mac', purpose, 'k1'),
      deriveKey(ring, 'seal', purpose, 'k1'),
      deriveKey(ring, 'mac', purpose, 'k1-mac'),
      deriveKey(ring, 'seal', purpose, 'k1-mac'),
    ])
    expect(new Set(keys.map((key) => key && encodeBase64Url(key))).size).toBe(keys.length)
  })
})
