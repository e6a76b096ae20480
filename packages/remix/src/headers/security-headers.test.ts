import { describe, expect, it } from 'vitest'
import type { SigraOptions } from '../options.ts'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { securityHeaders } from './security-headers.ts'

const headersAt = (path: string | null, options: Partial<SigraOptions> = {}) =>
  securityHeaders(createOfflineSigra({ production: true, ...options }).sigra.edge.settings, path, 'NONCE')

describe('securityHeaders', () => {
  it('HDR-01: carries every header in production', () => {
    expect(headersAt('/dashboard')).toEqual({
      'Content-Security-Policy':
        "default-src 'self'; script-src 'nonce-NONCE' 'strict-dynamic'; style-src 'self' 'nonce-NONCE'; " +
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; object-src 'none'; " +
        "base-uri 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'strict-origin-when-cross-origin',
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Strict-Transport-Security': 'max-age=31536000',
    })
  })

  it('keeps referrers of token pages at home, and lets their forms post', () => {
    expect(headersAt('/users/confirm/continue')['Referrer-Policy']).toBe('same-origin')
    expect(headersAt(null)['Referrer-Policy']).toBe('same-origin')
  })

  it('allows Vite its styles in development, never scripts', () => {
    const policy = headersAt('/', { production: false })['Content-Security-Policy']
    expect(policy).toContain("style-src 'self' 'unsafe-inline';")
    expect(policy).toContain("script-src 'nonce-NONCE' 'strict-dynamic';")
  })

  it('only reports outside our routes while an existing app is moved to the policy', () => {
    const options = { edge: { headers: { contentSecurityPolicy: 'report-only' as const } } }
    const elsewhere = headersAt('/dashboard', options)
    expect(elsewhere['Content-Security-Policy']).toBeUndefined()
    for (const name of ['X-Frame-Options', 'Cross-Origin-Opener-Policy', 'Cross-Origin-Resource-Policy']) {
      expect(elsewhere[name]).toBeUndefined()
      expect(headersAt('/users/log-in', options)[name]).toBeDefined()
    }
    expect(elsewhere['Content-Security-Policy-Report-Only']).toContain("script-src 'nonce-NONCE'")
    expect(headersAt('/users/log-in', options)['Content-Security-Policy']).toContain(
      "script-src 'nonce-NONCE'",
    )
  })

  it('widens what the host lists', () => {
    const policy = headersAt('/', {
      edge: { headers: { allow: { 'img-src': ['https://i.test'], 'media-src': ['https://m.test'] } } },
    })
    expect(policy['Content-Security-Policy']).toContain("img-src 'self' data: https://i.test;")
    expect(policy['Content-Security-Policy']).toContain("media-src 'self' https://m.test")
  })

  it('HDR-01: promises https only where it is spoken', () => {
    const hsts = (options: Partial<SigraOptions>) => headersAt('/', options)['Strict-Transport-Security']
    expect(hsts({ production: false })).toBeUndefined()
    expect(hsts({ origin: 'http://localhost:1', dangerouslyAllowLoopbackHttp: true })).toBeUndefined()
    expect(
      hsts({
        edge: {
          headers: {
            strictTransportSecurity: { maxAgeSeconds: 63_072_000, includeSubDomains: true, preload: true },
          },
        },
      }),
    ).toBe('max-age=63072000; includeSubDomains; preload')
  })
})
