import type { CanonicalEmail } from '@sigra/core'
import { describe, expect, it } from 'vitest'
import { foldAddress } from './fold-address.ts'

describe('foldAddress', () => {
  it('EML-08 counts the aliases of a mailbox as one', () => {
    const aliases = ['jane.doe@example.com', 'janedoe@example.com', 'j.a.n.e.doe+shop@example.com']
    for (const alias of aliases) expect(foldAddress(alias as CanonicalEmail)).toBe('janedoe@example.com')
  })

  it('leaves the domain alone', () => {
    expect(foldAddress('jane@mail.example.com' as CanonicalEmail)).toBe('jane@mail.example.com')
  })
})
