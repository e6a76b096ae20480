import { describe, expect, it } from 'vitest'
import { checkHeaderOptions, type HeaderOptions, listHeaderDeviations } from './header-options.ts'

describe('checkHeaderOptions', () => {
  it('takes what is documented', () => {
    expect(() =>
      checkHeaderOptions({
        contentSecurityPolicy: 'report-only',
        allow: { 'img-src': ['https://images.example.com'], 'connect-src': ['wss://live.example.com'] },
        strictTransportSecurity: { maxAgeSeconds: 63_072_000, includeSubDomains: true, preload: true },
      }),
    ).not.toThrow()
  })

  it.each([
    [{ csp: 'off' }, '"headers.csp" is not an option of Sigra'],
    [{ contentSecurityPolicy: 'off' }, "headers.contentSecurityPolicy must be 'enforce' or 'report-only'"],
    [{ strictTransportSecurity: { days: 1 } }, '"headers.strictTransportSecurity.days" is not an option'],
    [{ allow: { 'frame-ancestors': ['*'] } }, '"frame-ancestors" is not a directive that can be widened'],
    [{ allow: { 'img-src; script-src': ['*'] } }, 'is not a directive'],
    [{ allow: { 'img-src': ["https://a.test; script-src 'unsafe-inline'"] } }, 'must be a list of sources'],
    [{ allow: { 'script-src': ["'unsafe-inline'"] } }, 'scripts run by the nonce of the page'],
  ])('refuses %j', (options, sentence) => {
    expect(() => Reflect.apply(checkHeaderOptions, null, [options])).toThrow(sentence)
  })

  it.each([
    [
      { allow: { 'script-src': ['https://cdn.example.com'] } },
      "'strict-dynamic' ignores hosts",
      'or by a hash',
    ],
    [{ allow: { 'script-src-elem': ["'self'"] } }, 'takes the place of the nonce', 'not a directive'],
    [{ allow: { 'img-source': ['https://images.example.com'] } }, 'no such directive', 'not a directive'],
    [{ allow: { 'img-src': ['self'] } }, 'a host of that name', "the keyword is 'self', with quotes"],
    [{ allow: { 'img-src': ["'none'"] } }, 'nothing beside others', 'is no source'],
    [{ allow: { 'img-src': ['https://*example.com'] } }, 'no pattern', 'is no source'],
    [{ allow: { 'style-src': ["'unsafe-inline'"] } }, 'off beside a nonce', 'style-src-attr'],
    [{ allow: { 'form-action': ['*'] } }, 'anywhere', 'allows everything there is'],
    [{ allow: { 'default-src': ['https:'] } }, 'anywhere', 'allows everything there is'],
    [{ strictTransportSecurity: { preload: true } }, 'no list takes it', 'preload has no effect'],
    [{ strictTransportSecurity: { maxAgeSeconds: -1 } }, 'no time', 'seconds from 0 to'],
    [{ strictTransportSecurity: { includeSubDomains: 'no' } }, 'text is true', 'true or false'],
  ])('CFG-08 refuses %j: %s', (options, _why, sentence) => {
    expect(() => Reflect.apply(checkHeaderOptions, null, [options])).toThrow(sentence)
  })

  it('CFG-08 takes hashes of scripts, sources of every form and the name of a scheme', () => {
    const allow = {
      'script-src': ["'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='", "'wasm-unsafe-eval'"],
      'img-src': ['https:', 'blob:', 'https://*.example.com', 'images.example.com:8443/people/'],
      'connect-src': ['wss://live.example.com', 'http://localhost:*', '*'],
      'style-src-attr': ["'unsafe-inline'"],
    }
    expect(() => checkHeaderOptions({ allow })).not.toThrow()
  })

  it('CFG-08 names what is allowed and weak', () => {
    const named = (options: HeaderOptions) => listHeaderDeviations(options).map(({ setting }) => setting)
    expect(named({})).toEqual([])
    expect(
      named({ contentSecurityPolicy: 'report-only', strictTransportSecurity: { maxAgeSeconds: 300 } }),
    ).toEqual(['headers.contentSecurityPolicy', 'headers.strictTransportSecurity.maxAgeSeconds'])
  })
})
