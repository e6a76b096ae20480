import { domainToASCII } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskEmail, parseEmail } from './email.ts'
import { anyText } from './testing-only/any-text.ts'
import { cpuMilliseconds } from './testing-only/cpu-time.ts'

const canonical = (value: unknown): string | null => parseEmail(value)?.canonical ?? null

describe('parseEmail', () => {
  it('keeps what was typed and folds ASCII case in what is compared', () => {
    expect(parseEmail(' Jane.Doe@Example.COM ')).toEqual({
      typed: 'Jane.Doe@Example.COM',
      canonical: 'jane.doe@example.com',
    })
  })

  it.each(['deleted-1@deleted.invalid', 'Deleted-1@DELETED.INVALID', 'jane@\uff44eleted.invalid'])(
    'reads the address of a deleted account as none: %s',
    (address) => expect(parseEmail(address)).toBeNull(),
  )

  it('EML-08 keeps plus tags and dots apart: no provider folding', () => {
    const spellings = [
      'jane@example.com',
      'jane+shop@example.com',
      'ja.ne@example.com',
      'jane@mail.example.com',
    ]
    expect(new Set(spellings.map(canonical)).size).toBe(spellings.length)
  })

  it.each([
    ['the Kelvin sign', '\u212aate@example.com'],
    ['a dotted capital I', '\u0130da@example.com'],
    ['a dotless i', '\u0131da@example.com'],
    ['a long s', '\u017fam@example.com'],
    ['a full-width letter', '\uff4aane@example.com'],
    ['a combining mark', 'jane\u0301@example.com'],
    ['a Cyrillic a', 'j\u0430ne@example.com'],
  ])('EML-08 folds no look-alike into another account: %s', (_, address) => {
    expect(canonical(address)).toBeNull()
  })

  it.each([
    ['jane@bücher.example', 'jane@xn--bcher-kva.example'],
    ['jane@BÜCHER.example', 'jane@xn--bcher-kva.example'],
    ['jane@xn--bcher-kva.example', 'jane@xn--bcher-kva.example'],
    ['jane@bu\u0308cher.example', 'jane@xn--bcher-kva.example'],
    ['jane@straße.example', 'jane@xn--strae-oqa.example'],
    ['jane@例え。テスト', 'jane@xn--r8jz45g.xn--zckzah'],
    ['jane@\uff45xample.com', 'jane@example.com'],
    ['jane@\u212aelvin.example', 'jane@kelvin.example'],
  ])('EML-08 writes the domain of %s as A-labels', (typed, expected) => {
    expect(canonical(typed)).toBe(expected)
  })

  it('EML-08 sends mail where it compares: what is shown leads to the same domain, with nothing left to map', () => {
    const domain = fc.stringMatching(/^[a-zäöüßéıİK例ｅ\u00ad\u200d]{1,8}\.(com|テスト|example)$/u)
    fc.assert(
      fc.property(domain, (host) => {
        const address = parseEmail(`jane@${host}`)
        fc.pre(address !== null)
        const shown = address.typed.slice('jane@'.length)
        expect(`jane@${domainToASCII(shown)}`).toBe(address.canonical)
        expect(shown.normalize('NFKC')).toBe(shown.normalize('NFC'))
      }),
    )
  })

  it.each([
    '',
    '@',
    'jane',
    'jane@',
    '@example.com',
    'jane@@example.com',
    'jane doe@example.com',
    '"jane doe"@example.com',
    'jane@example.com, john@example.com',
    'Jane <jane@example.com>',
    'jane@localhost',
    'jane@example.com.',
    'jane@.example.com',
    'jane@example..com',
    'jane@-example.com',
    'jane@127.0.0.1',
    'jane@[127.0.0.1]',
    'jane@0x7f.1',
    'jane@%65xample.com',
    'jane@example.com/x',
    'jane@example.com:25',
    'jane@exa_mple.com',
    '.jane@example.com',
    'jane.@example.com',
    'ja..ne@example.com',
    'jane(comment)@example.com',
    `${'j'.repeat(65)}@example.com`,
    `jane@${'e'.repeat(64)}.com`,
    `jane@${'example.'.repeat(40)}com`,
    'a'.repeat(1_000_000),
    null,
    42,
    ['jane@example.com'],
    { toString: () => 'jane@example.com' },
  ])('refuses %j', (value) => {
    expect(canonical(value)).toBeNull()
  })

  it.each(['\r\nBcc: eve@evil.test', '\0', '\n', '\t', '\u202e', '\ud800'])(
    'INJ-04 refuses %j anywhere inside',
    (bad) => {
      expect(canonical(`ja${bad}ne@example.com`)).toBeNull()
      expect(canonical(`jane@exa${bad}mple.com`)).toBeNull()
      expect(canonical(`jane@example.com${bad}x`)).toBeNull()
    },
  )

  it('INJ-04 refuses any control, blank or separator inside, so that one address is one recipient', () => {
    const bad = fc.constantFrom(...'\0\b\t\n\v\f\r\u001b ,;:<>()[]"\\\u007f\u0085\u00a0\u2028')
    const at = fc.nat('jane@example.com'.length - 1)
    fc.assert(
      fc.property(bad, at, (character, index) => {
        const place = Math.max(index, 1)
        expect(
          canonical(`${'jane@example.com'.slice(0, place)}${character}${'jane@example.com'.slice(place)}`),
        ).toBeNull()
      }),
      { numRuns: 400 },
    )
  })

  it('is settled: a canonical address is its own canonical form', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const first = canonical(address)
        fc.pre(first !== null)
        expect(canonical(first)).toBe(first)
        expect(first).toMatch(/^[\x21-\x7e]+$/)
        expect(first).toBe(first.toLowerCase())
      }),
    )
  })

  it('never throws, and makes nothing but printable ASCII, whatever comes', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (local, domain) => {
        expect(canonical(`${local}@${domain}`) ?? 'a').toMatch(/^[\x21-\x7e]+$/)
      }),
      { numRuns: 1000 },
    )
  })

  it('INJ-14 answers a long near-match at once', () => {
    const spent = cpuMilliseconds(() => {
      canonical(`${'a.'.repeat(50_000)}@${'a.'.repeat(50_000)}com`)
    })
    expect(spent).toBeLessThan(50)
  })
})

describe('maskEmail', () => {
  it.each([
    ['jane@example.com', 'j•••@example.com'],
    ['j@example.com', 'j•••@example.com'],
    ['nonsense', '•••'],
    ['@example.com', '•••'],
    ['', '•••'],
  ])('shows %j as %s', (address, masked) => {
    expect(maskEmail(address)).toBe(masked)
  })
})
