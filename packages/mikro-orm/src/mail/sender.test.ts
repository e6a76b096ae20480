import { describe, expect, it } from 'vitest'
import { parseSender } from './sender.ts'

const fallback = { name: 'Acme', address: 'no-reply@app.test' }

describe('parseSender', () => {
  it.each([
    ['hello@acme.test', { name: 'Acme', address: 'hello@acme.test' }],
    ['Acme Mail <hello@acme.test>', { name: 'Acme Mail', address: 'hello@acme.test' }],
    ['"Acme, Inc." <hello@acme.test>', { name: 'Acme, Inc.', address: 'hello@acme.test' }],
    ['<hello@acme.test>', { name: '', address: 'hello@acme.test' }],
    ['"Acme Mail <hello@acme.test>"', { name: 'Acme Mail', address: 'hello@acme.test' }],
    ['"hello@acme.test"', { name: 'Acme', address: 'hello@acme.test' }],
    [undefined, fallback],
    ['', fallback],
  ])('reads %j', (text, sender) => {
    expect(parseSender(text, fallback)).toEqual(sender)
  })

  it('demands one where there is nothing to fall back to', () => {
    expect(() => parseSender(undefined, { name: 'Acme', address: null })).toThrow(/^MAIL_FROM is missing/)
    expect(parseSender('hello@acme.test', { name: 'Acme', address: null })).toEqual({
      name: 'Acme',
      address: 'hello@acme.test',
    })
  })

  it.each(['acme', 'Acme hello@acme.test', 'a@b.test, c@d.test', 'Acme\r\nBcc: x@y.test <a@b.test>'])(
    'refuses %j, without repeating it (INJ-04)',
    (text) => {
      expect(() => parseSender(text, fallback)).toThrow(/^MAIL_FROM must be an address/)
    },
  )
})
