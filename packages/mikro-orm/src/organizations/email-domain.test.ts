import { describe, expect, it } from 'vitest'
import { parseEmailDomain } from './email-domain.ts'
import { isPublicDomain } from './public-domain.ts'

describe('the domain of an organization', () => {
  it.each([
    ['acme.example', 'acme.example'],
    [' ACME.Example ', 'acme.example'],
    ['@acme.example', 'acme.example'],
    ['mail.acme.example', 'mail.acme.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['ａｃｍｅ.example', 'acme.example'],
  ])('reads %j as %j', (typed, domain) => {
    expect(parseEmailDomain(typed)).toBe(domain)
  })

  it.each([
    '',
    'acme',
    'a@acme.example',
    'https://acme.example',
    'acme.example/x',
    '*.acme.example',
    '127.0.0.1',
    '[::1]',
    'acme..example',
    '-acme.example',
    'acme.example.',
    `${'a'.repeat(64)}.example`,
    'acme.example\n_sigra',
    'deleted.invalid',
    null,
    7,
    ['acme.example'],
  ])('does not read %j', (typed) => {
    expect(parseEmailDomain(typed)).toBeNull()
  })
})

describe('a domain where anybody gets an address', () => {
  it.each(['gmail.com', 'outlook.com', 'yahoo.co.uk', 'gmx.de', 'icloud.com', 'proton.me'])(
    'is %s',
    (domain) => {
      expect(isPublicDomain(domain)).toBe(true)
    },
  )

  it.each(['acme.example', 'notgmail.com', 'mail.gmail.com.example'])('is not %s', (domain) => {
    expect(isPublicDomain(domain)).toBe(false)
  })
})
