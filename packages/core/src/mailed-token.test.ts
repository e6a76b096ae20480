import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from './base64url.ts'
import { sha256 } from './hash.ts'
import { createRootSecret, parseKeyRing } from './key-ring.ts'
import {
  createSelector,
  deriveMailedToken,
  type MailedToken,
  parseMailedToken,
  parseSelector,
  type TokenPurpose,
} from './mailed-token.ts'

const purposes: readonly TokenPurpose[] = [
  'confirm',
  'magic-link',
  'reset-password',
  'change-email',
  'not-me',
  'sudo',
]
const [older, newer] = [createRootSecret(), createRootSecret().replace('k1', 'key-2')]
const ring = parseKeyRing(`${newer},${older}`)

function createToken(
  purpose: TokenPurpose = 'confirm',
  keyId = 'k1',
  selector = createSelector(),
): MailedToken {
  const token = deriveMailedToken(ring, purpose, keyId, selector)
  if (!token) throw new RangeError('unknown key id')
  return token
}

describe('deriveMailedToken', () => {
  it('MAIL-01 gives the same link for the same row, however often it is asked', () => {
    const selector = createSelector()
    expect(createToken('confirm', 'k1', selector)).toEqual(createToken('confirm', 'k1', selector))
    expect(createToken().text).not.toBe(createToken().text)
  })

  it('holds key id, selector and 256 bits of MAC, and its hash is the SHA-256 of the text', () => {
    const token = createToken('confirm', 'key-2')
    const bytes = Buffer.from(token.text, 'base64url')
    expect(bytes.subarray(0, 5).toString()).toBe('key-2')
    expect(bytes.subarray(5, 21)).toEqual(Buffer.from(token.selector))
    expect(bytes.subarray(21)).toHaveLength(32)
    expect(token.hash).toEqual(sha256(token.text))
  })

  it('CFG-06 is null under a key the ring does not hold', () => {
    expect(deriveMailedToken(parseKeyRing(older), 'confirm', 'key-2', createSelector())).toBeNull()
  })
})

describe('parseMailedToken', () => {
  it.each(['k1', 'key-2'])('reads a token made under %s', (keyId) => {
    const token = createToken('reset-password', keyId)
    expect(parseMailedToken(ring, 'reset-password', token.text)).toEqual(token)
  })

  it('TOK-03 refuses a token of each kind at every other kind', () => {
    for (const made of purposes) {
      const { text } = createToken(made)
      const accepting = purposes.filter((asked) => parseMailedToken(ring, asked, text) !== null)
      expect(accepting).toEqual([made])
    }
  })

  it('TOK-04 refuses the MAC of one row with the selector of another', () => {
    const [mine, theirs] = [createToken(), createToken()].map(({ text }) => Buffer.from(text, 'base64url'))
    const mixed = Buffer.concat([theirs?.subarray(0, 18) ?? [], mine?.subarray(18) ?? []].map(Buffer.from))
    expect(parseMailedToken(ring, 'confirm', encodeBase64Url(mixed))).toBeNull()
  })

  it('refuses another app: the same row under other secrets', () => {
    const others = parseKeyRing(createRootSecret())
    const text = deriveMailedToken(others, 'confirm', 'k1', createSelector())?.text
    expect(parseMailedToken(others, 'confirm', text)).not.toBeNull()
    expect(parseMailedToken(ring, 'confirm', text)).toBeNull()
  })

  it('TOK-07 refuses every token that differs in one bit, wherever it is', () => {
    const bytes = Buffer.from(createToken().text, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(parseMailedToken(ring, 'confirm', encodeBase64Url(changed))).toBeNull()
    }
  })

  it('refuses a token cut short, lengthened, or spelled another way', () => {
    const { text } = createToken()
    for (let length = 0; length < text.length; length++) {
      expect(parseMailedToken(ring, 'confirm', text.slice(0, length))).toBeNull()
    }
    for (const spelling of [`${text}A`, `${text}=`, ` ${text}`, `${text}\n`, `${text}.data`]) {
      expect(parseMailedToken(ring, 'confirm', spelling)).toBeNull()
    }
  })

  it('refuses whatever comes, of any type and size', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseMailedToken(ring, 'confirm', value)).toBeNull()
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(parseMailedToken(ring, 'confirm', encodeBase64Url(bytes))).toBeNull()
      }),
    )
    expect(parseMailedToken(ring, 'confirm', 'A'.repeat(1_000_000))).toBeNull()
    expect(parseMailedToken(ring, 'confirm', [createToken().text])).toBeNull()
  })
})

describe('parseSelector', () => {
  it('reads back what travels in a job, and nothing else', () => {
    const selector = createSelector()
    expect(parseSelector(encodeBase64Url(selector))).toEqual(selector)
    expect(parseSelector(encodeBase64Url(selector.subarray(1)))).toBeNull()
    expect(parseSelector(`${encodeBase64Url(selector)}==`)).toBeNull()
    expect(parseSelector('')).toBeNull()
  })
})
