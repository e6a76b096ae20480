import { describe, expect, it } from 'vitest'
import { ConfigInvalid } from '../errors.ts'
import { checkRpId } from './relying-party.ts'

describe('checkRpId', () => {
  it.each([
    ['app.test', 'https://app.test'],
    ['example.com', 'https://example.com:8443'],
    ['example.com', 'https://login.app.example.com'],
    ['app.example.co.uk', 'https://app.example.co.uk'],
    ['example.co.uk', 'https://app.example.co.uk'],
    ['xn--grn-ioa.test', 'https://xn--grn-ioa.test'],
    ['intranet', 'https://intranet'],
    ['localhost', 'http://localhost:5173'],
    ['app.localhost', 'http://app.localhost:5173'],
  ])('lets %s belong to %s', (rpId, origin) => {
    expect(() => checkRpId(rpId, origin)).not.toThrow()
  })

  it.each([
    ['a sibling', 'shop.app.test', 'https://app.test'],
    ['a subdomain', 'login.app.test', 'https://app.test'],
    ['another domain', 'evil.test', 'https://app.test'],
    ['a suffix within a label', 'ple.com', 'https://example.com'],
    ['a top-level domain', 'com', 'https://example.com'],
    ['a suffix anybody can register below', 'co.uk', 'https://example.co.uk'],
    ['an empty id', '', 'https://example.com'],
    ['a leading dot', '.example.com', 'https://app.example.com'],
    ['a trailing dot', 'example.com.', 'https://app.example.com'],
    ['upper case', 'Example.com', 'https://app.example.com'],
    ['a scheme', 'https://example.com', 'https://example.com'],
    ['a port', 'example.com:8443', 'https://example.com:8443'],
    ['user info', 'x@example.com', 'https://app.example.com'],
    ['Unicode', 'grün.test', 'https://xn--grn-ioa.test'],
    ['a single label above', 'localhost', 'http://app.localhost'],
  ])('PK-04 refuses %s', (_, rpId, origin) => {
    expect(() => checkRpId(rpId, origin)).toThrow(ConfigInvalid)
  })

  it.each([
    ['http', 'app.test', 'http://app.test'],
    ['an IPv4 address', '127.0.0.1', 'http://127.0.0.1:5173'],
    ['an IPv4 address over https', '10.0.0.1', 'https://10.0.0.1'],
    ['an IPv6 address', '[::1]', 'https://[::1]'],
    ['a path', 'app.test', 'https://app.test/'],
    ['no scheme', 'app.test', 'app.test'],
    ['another scheme', 'app.test', 'ftp://app.test'],
    ['Unicode', 'grün.test', 'https://grün.test'],
    ['nothing', 'app.test', ''],
  ])('PK-04 refuses an origin with %s', (_, rpId, origin) => {
    expect(() => checkRpId(rpId, origin)).toThrow(ConfigInvalid)
  })
})
