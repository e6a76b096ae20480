import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './private-address.ts'

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '142.250.74.36', '172.32.0.1', '2a00:1450:4001:81b::200e', '2620:fe::fe'])(
    'reaches %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fc00::1',
    'fe80::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'localhost',
    '2130706433',
    '',
  ])('does not reach %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})
