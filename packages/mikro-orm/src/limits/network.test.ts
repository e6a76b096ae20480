import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkOf, siteOf } from './network.ts'

describe('networkOf', () => {
  it('takes an IPv4 address as it is', () => {
    expect(networkOf('198.51.100.7')).toBe('198.51.100.7')
  })

  it('RL-03: takes IPv4 written as IPv6 as the IPv4 address, in every spelling', () => {
    for (const spelling of ['::ffff:198.51.100.7', '::FFFF:c633:6407', '0:0:0:0:0:ffff:198.51.100.7']) {
      expect(networkOf(spelling)).toBe('198.51.100.7')
    }
  })

  it('RL-03: counts all addresses of one /64 as one network', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((each) => each.toString(16))
    fc.assert(
      fc.property(fc.array(group, { minLength: 4, maxLength: 4 }), (host) => {
        expect(networkOf(`2001:db8:1:2:${host.join(':')}`)).toBe('2001:db8:1:2::/64')
      }),
    )
  })

  it('RL-03: tells neighbouring /64 networks apart, compressed or not', () => {
    expect(networkOf('2001:db8:1:3::1')).toBe('2001:db8:1:3::/64')
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64')
    expect(networkOf('2001:0DB8:0000:0000:0:0:0:1')).toBe('2001:db8:0:0::/64')
    expect(networkOf('::1')).toBe('0:0:0:0::/64')
  })

  it('ignores a zone: it is local to the machine', () => {
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  })

  it('RL-08: counts everybody without a readable address together', () => {
    for (const address of [null, '', 'unknown', '198.51.100.7, 10.0.0.1', '198.51.100.7:443']) {
      expect(networkOf(address)).toBe('unknown')
    }
  })
})

describe('siteOf', () => {
  it('RL-03 is the first 48 bits of an IPv6 address, however it is written', () => {
    for (const address of ['2001:db8:7:1::1', '2001:DB8:7:ffff:1:2:3:4', '2001:0db8:0007::%eth0']) {
      expect(siteOf(address)).toBe('2001:db8:7::/48')
    }
    expect(siteOf('2001:db8:8::1')).toBe('2001:db8:8::/48')
  })

  it('RL-03 is nothing for IPv4, mapped or not, and without an address', () => {
    for (const address of ['192.0.2.1', '::ffff:192.0.2.1', null, 'localhost'])
      expect(siteOf(address)).toBeNull()
  })
})
