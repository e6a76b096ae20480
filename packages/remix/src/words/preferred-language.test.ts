import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { preferredLanguage } from './preferred-language.ts'

const offered = ['en', 'de', 'pt-BR'] as const

describe('preferredLanguage', () => {
  it.each([
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['fr-FR,fr;q=0.9,de;q=0.5,en;q=0.4', 'de'],
    ['en;q=0.5, pt-br;q=0.9', 'pt-BR'],
    ['pt-BR-x-any', 'pt-BR'],
    ['*', 'en'],
    ['de;q=0, en', 'en'],
    ['de;q=high', 'en'],
    ['fr', 'en'],
    ['', 'en'],
    [null, 'en'],
  ])('takes from %j what is on offer: %s', (header, tag) => {
    expect(preferredLanguage(header, offered)).toBe(tag)
  })

  it('INJ-02 gives nothing that is not on offer, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        expect(offered).toContain(preferredLanguage(header, offered))
      }),
    )
    expect(preferredLanguage(`${'de-'.repeat(1_000_000)},${','.repeat(1_000_000)}`, offered)).toBe('de')
  })
})
