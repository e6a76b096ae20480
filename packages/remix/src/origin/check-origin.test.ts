import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkOrigin, type OriginQuestion } from './check-origin.ts'

const base: OriginQuestion = {
  method: 'POST',
  secFetchSite: 'same-origin',
  origin: 'https://app.test',
  allowedOrigins: new Set(['https://app.test']),
  isOwnRoute: true,
  isExempt: false,
  hasOurCookie: true,
}
const ask = (changes: Partial<OriginQuestion>) => checkOrigin({ ...base, ...changes })

describe('checkOrigin', () => {
  it('lets the app post to itself', () => {
    expect(ask({})).toBeNull()
    expect(ask({ secFetchSite: null })).toBeNull()
    expect(ask({ origin: null })).toBeNull()
  })

  it.each(['GET', 'HEAD', 'OPTIONS', 'get'])('lets %s through: it changes nothing', (method) => {
    expect(ask({ method, secFetchSite: 'cross-site', origin: 'https://evil.test' })).toBeNull()
  })

  it('CSRF-01: refuses a form of another site without any cookie (login CSRF)', () => {
    const form = { secFetchSite: 'cross-site', origin: 'https://evil.test', hasOurCookie: false }
    expect(ask(form)).toBe('cross-site')
    expect(ask({ ...form, secFetchSite: null })).toBe('foreign-origin')
  })

  it('CSRF-02: refuses cross-site whatever Origin says', () => {
    expect(ask({ secFetchSite: 'cross-site', origin: 'https://app.test' })).toBe('cross-site')
    expect(ask({ secFetchSite: 'cross-site', origin: null })).toBe('cross-site')
  })

  it.each(['https://app.test.evil.test', 'https://app.test:444', 'http://app.test', 'https://APP.test', ''])(
    'CSRF-02: refuses the foreign origin "%s"',
    (origin) => {
      expect(ask({ origin, secFetchSite: null })).toBe('foreign-origin')
    },
  )

  it('CSRF-03: refuses a sibling subdomain unless its origin is listed exactly', () => {
    const sibling = { secFetchSite: 'same-site', origin: 'https://shop.app.test' }
    expect(ask(sibling)).toBe('foreign-origin')
    expect(ask({ ...sibling, allowedOrigins: new Set(['https://shop.app.test']) })).toBeNull()
    expect(ask({ secFetchSite: 'same-site', origin: null })).toBe('not-same-origin')
    expect(ask({ secFetchSite: 'none', origin: null })).toBe('not-same-origin')
  })

  it.each([
    'null',
    'https://app.test/',
    'https://app.test, https://evil.test',
    ' https://app.test',
    'garbage',
  ])('CSRF-04: refuses Origin: %s', (origin) => {
    expect(ask({ origin })).toBe('foreign-origin')
  })

  it('CSRF-05: refuses a request with our cookie and neither header', () => {
    expect(ask({ origin: null, secFetchSite: null })).toBe('no-origin')
    expect(ask({ origin: null, secFetchSite: null, hasOurCookie: false })).toBeNull()
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'post'])('CSRF-06: checks %s alike', (method) => {
    expect(ask({ method, origin: 'https://evil.test', secFetchSite: 'cross-site' })).toBe('cross-site')
  })

  it('leaves other routes of the host alone until a cookie of ours comes along', () => {
    const webhook = { isOwnRoute: false, secFetchSite: 'cross-site', origin: 'https://payments.test' }
    expect(ask({ ...webhook, hasOurCookie: false })).toBeNull()
    expect(ask({ ...webhook, hasOurCookie: true })).toBe('cross-site')
  })

  it('lets exempt routes through', () => {
    expect(ask({ isExempt: true, secFetchSite: 'cross-site', origin: 'https://evil.test' })).toBeNull()
  })

  it('CSRF-02 CSRF-04 CSRF-05: with our cookie, on any route, lets nothing pass that our own page cannot have sent', () => {
    const site = fc.constantFrom(null, 'same-origin', 'same-site', 'cross-site', 'none', '', 'SAME-ORIGIN')
    const origin = fc.oneof(
      fc.constantFrom(
        null,
        'https://app.test',
        'https://APP.test',
        'https://app.test/',
        'http://app.test',
        'null',
      ),
      fc.webUrl(),
      fc.string(),
    )
    fc.assert(
      fc.property(
        site,
        origin,
        fc.boolean(),
        fc.constantFrom('POST', 'put', 'x'),
        (secFetchSite, from, isOwnRoute, method) => {
          const isOurs =
            from === 'https://app.test'
              ? secFetchSite !== 'cross-site'
              : from === null && secFetchSite === 'same-origin'
          expect(ask({ secFetchSite, origin: from, isOwnRoute, method }) === null).toBe(isOurs)
        },
      ),
      { numRuns: 500 },
    )
  })
})
