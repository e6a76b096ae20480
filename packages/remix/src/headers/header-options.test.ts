import { describe, expect, it } from 'vitest'
import { checkHeaderOptions } from './header-options.ts'

describe('checkHeaderOptions', () => {
  it('takes what is documented', () => {
    expect(() =>
      checkHeaderOptions({
        contentSecurityPolicy: 'report-only',
        allow: { 'img-src': ['https://images.example.com'], 'connect-src': ['wss://live.example.com'] },
        strictTransportSecurity: { maxAgeSeconds: 60, includeSubDomains: true, preload: true },
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
    [{ allow: { 'script-src': ["'unsafe-inline'"] } }, "must not hold an 'unsafe-…' source"],
  ])('refuses %j', (options, sentence) => {
    expect(() => Reflect.apply(checkHeaderOptions, null, [options])).toThrow(sentence)
  })
})
