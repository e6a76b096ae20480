import { describe, expect, it } from 'vitest'
import { KeyUnreadable, totpCode } from './totp-code.ts'

const key = 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ' // RFC 6238, Appendix B, as a page shows it

describe('totpCode', () => {
  it('shows the code of RFC 6238 at its own time, and those around it', () => {
    expect(totpCode(key, { at: new Date(59_000) })).toBe('287082')
    expect(totpCode(key, { at: new Date(89_000), steps: -1 })).toBe('287082')
    expect(totpCode(key, { at: new Date(29_000), steps: 1 })).toBe('287082')
  })

  it('shows the one of now where no time is given', () => {
    const [before, shown, after] = [
      totpCode(key, { at: new Date() }),
      totpCode(key),
      totpCode(key, { at: new Date() }),
    ]
    expect([before, after]).toContain(shown)
  })

  it.each(['', 'not a key: 0189', '287082'])('throws for %j, which is no key', (text) => {
    expect(() => totpCode(text)).toThrow(KeyUnreadable)
  })
})
