import { describe, expect, it } from 'vitest'
import { parseOrganizationName } from './organization-name.ts'

describe('the name of an organization', () => {
  it.each(['Acme', 'Müller & Söhne', '株式会社', 'شرکت\u200cها', '7', 'Ben’s <b>shop</b>'])(
    'may be %s',
    (name) => {
      expect(parseOrganizationName(name)).toBe(name)
    },
  )

  it('is one line without blanks around it', () => {
    expect(parseOrganizationName('  Acme \n\t Ltd ')).toBe('Acme Ltd')
  })

  it.each([
    ['nothing', ''],
    ['blanks', ' \n '],
    ['no letter at all', '—👍—'],
    ['65 letters', 'a'.repeat(65)],
    ['a link', 'Win at https://evil.example'],
    ['a domain', 'evil.example'],
    ['an address', 'write to bob@evil'],
    ['a domain behind what has no width', 'evil\u200d.exa\u200dmple'],
    ['a direction mark', 'Acme\u202eemcA'],
    ['an escape sequence', 'Acme\u001b[31m'],
    ['half a character', 'Acme\ud800'],
    ['no text', { name: 'Acme' }],
  ])('ORG-14: is not %s', (_, name) => {
    expect(parseOrganizationName(name)).toBeNull()
  })
})
