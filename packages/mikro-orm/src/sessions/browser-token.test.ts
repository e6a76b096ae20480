import { describe, expect, it } from 'vitest'
import { createBrowserToken, hashBrowserToken, parseBrowserToken } from './browser-token.ts'

describe('browser tokens', () => {
  it('are read back, in their one spelling only', () => {
    const token = createBrowserToken()
    expect(parseBrowserToken(token)).toBe(token)
    for (const other of [
      `${token}=`,
      ` ${token}`,
      token.slice(1),
      `${token}A`,
      '',
      null,
      undefined,
      7,
      [token],
    ]) {
      expect(parseBrowserToken(other)).toBeNull()
    }
  })

  it('are 256 random bits, and the database holds 256 bits of hash', () => {
    const filled = createBrowserToken((bytes) => bytes.fill(7))
    expect(filled).toHaveLength(43)
    expect(hashBrowserToken(filled)).toHaveLength(32)
    expect(createBrowserToken()).not.toBe(createBrowserToken())
  })
})
