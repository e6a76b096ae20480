import { describe, expect, it } from 'vitest'
import { findProviderName } from './provider-name.ts'

describe('findProviderName', () => {
  it.each([
    ['ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4', 'Google Password Manager'],
    ['fbfc3007-154e-4ecc-8c0b-6e020557d7bd', 'Apple Passwords'],
    ['08987058-CADC-4B81-B6E1-30DE50DCBE96', 'Windows Hello'],
    ['2fc0579f-8113-47ea-b116-bb5a8db9202a', 'YubiKey 5'],
  ])('knows %s as %s', (aaguid, name) => {
    expect(findProviderName(aaguid)).toBe(name)
  })

  it.each(['00000000-0000-0000-0000-000000000000', '', '__proto__', 'constructor', 'toString'])(
    'has no name for %j',
    (aaguid) => {
      expect(findProviderName(aaguid)).toBeNull()
    },
  )
})
