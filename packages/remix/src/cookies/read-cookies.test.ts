import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCookieSettings } from './cookie-settings.ts'
import { readCookies } from './read-cookies.ts'

const settings = createCookieSettings(new URL('https://app.test'), 'Acme', undefined)
const read = (header: string | null) => readCookies(header, settings)

describe('readCookies', () => {
  it('reads ours among others', () => {
    const cookies = read('theme=dark; __Host-sid=abc;\t__Host-flash=v1.k1.x ; other')
    expect(cookies.values).toEqual({
      session: 'abc',
      flash: 'v1.k1.x',
      browser: null,
      trusted: null,
      way: null,
    })
    expect(cookies).toMatchObject({ duplicated: [], hasOurs: true })
  })

  it('reads each flow by what names it, and nothing else that begins like one', () => {
    const cookies = read(
      '__Host-flow-abcdefgh-_12=one; __Host-flow-short=two; __Host-flow=three; __Host-flow-ABCDEFGH0000=4',
    )
    expect([...cookies.flows]).toEqual([
      ['abcdefgh-_12', 'one'],
      ['ABCDEFGH0000', '4'],
    ])
    const twice = read('__Host-flow-abcdefgh-_12=one; __Host-flow-abcdefgh-_12=two')
    expect(twice).toMatchObject({ flows: new Map(), duplicated: ['__Host-flow-abcdefgh-_12'], hasOurs: true })
  })

  it('finds none of ours where none is', () => {
    expect(read(null).hasOurs).toBe(false)
    expect(read('sid=abc; __host-sid=abc; __Host-sid2=abc').hasOurs).toBe(false)
  })

  it('SESS-03: takes neither of two cookies of one name, and says so', () => {
    const cookies = read('__Host-sid=first; __Host-sid=second')
    expect(cookies.values.session).toBeNull()
    expect(cookies.duplicated).toEqual(['__Host-sid'])
    expect(cookies.hasOurs).toBe(true)
  })

  it('SESS-03: takes a name for another only when every character is the same', () => {
    expect(read('__Host-sid=a; \u00a0__Host-sid=b').duplicated).toEqual([])
    expect(read('__Host-sid=a; "__Host-sid"=b').values.session).toBe('a')
  })

  it('SESS-03: reads any header without failing, and never a value that was not sent', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '__Host-sid',
        '__Host-flow-abcdefgh-_12',
        '=',
        ';',
        ' ',
        '\t',
        '"',
        '%',
        '__Host-sid=x',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const header = pieces.join('')
        const { values, duplicated } = read(header)
        for (const value of Object.values(values)) expect(value === null || header.includes(value)).toBe(true)
        for (const name of duplicated) expect(header.split(name).length).toBeGreaterThan(2)
      }),
    )
  })
})
