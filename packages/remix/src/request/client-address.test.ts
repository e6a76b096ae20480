import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientAddress } from './client-address.ts'

const garbage = fc
  .array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.constantFrom(',', ' , ', 'unknown')))
  .map((all) => all.join(','))

describe('clientAddress', () => {
  it('is the socket where no proxy is trusted', () => {
    expect(clientAddress('203.0.113.9', '1.2.3.4', 0)).toBe('203.0.113.9')
  })

  it('counts hops from the right', () => {
    expect(clientAddress('10.0.0.1', '1.1.1.1, 203.0.113.9', 1)).toBe('203.0.113.9')
    expect(clientAddress('10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2', 2)).toBe('203.0.113.9')
    expect(clientAddress('10.0.0.1', null, 1)).toBe('10.0.0.1')
  })

  it.each([
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:203.0.113.9', '203.0.113.9'],
    ['2001:DB8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('RL-03: writes %s as %s', (socket, address) => {
    expect(clientAddress(socket, null, 0)).toBe(address)
  })

  it.each([
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
  ])('RL-03: takes the port off %s', (entry, address) => {
    expect(clientAddress('10.0.0.1', entry, 1)).toBe(address)
  })

  it('RL-03: falls back to the nearer hop for text that is no address', () => {
    expect(clientAddress('10.0.0.1', '203.0.113.9, <script>', 1)).toBe('10.0.0.1')
    expect(clientAddress(undefined, null, 0)).toBeNull()
  })

  it('RL-03: nothing a client types moves the address, however many proxies are trusted', () => {
    fc.assert(
      fc.property(garbage, fc.ipV4(), fc.integer({ min: 1, max: 4 }), (typed, real, hops) => {
        // Every trusted proxy appends whom it heard from; the client stands before the first of them.
        const proxies = Array.from({ length: hops - 1 }, (_, index) => `10.0.0.${index + 1}`)
        const header = [typed, real, ...proxies].join(', ')
        expect(clientAddress('10.9.9.9', header, hops)).toBe(real)
        expect(clientAddress(real, typed, 0)).toBe(real)
      }),
    )
  })

  it('RL-03: is an address or nothing', () => {
    fc.assert(
      fc.property(garbage, garbage, fc.nat(5), (socket, header, hops) => {
        const address = clientAddress(socket, header, hops)
        expect(address === null || isIP(address) > 0).toBe(true)
      }),
    )
  })
})
