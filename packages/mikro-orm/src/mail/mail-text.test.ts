import { describe, expect, it } from 'vitest'
import { toMailText } from './mail-text.ts'

describe('toMailText', () => {
  it.each([
    'Ada',
    'Dr. Ada B. Lovelace',
    'مريم القحطاني',
    'می‌خواهم',
    '山田 太郎',
    'Ada 👩‍💻',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿 Ada',
    'O’Neil & Söhne',
    '<script>alert(1)</script>',
  ])('leaves a name as it is: %s', (name) => {
    expect(toMailText(name)).toBe(name)
  })

  it('INJ-05: makes one line of whatever was typed, without what nobody sees', () => {
    expect(toMailText('  Ada\r\nBcc: eve\u0000\u2028x\u202e\u200f\ufeff\u00ad\ud800 ')).toBe('Ada Bcc: eve x')
    expect(toMailText('Ada\u001b[31m')).toBe('Ada [31m')
  })

  it.each([
    'https://evil.example',
    'Ada www.evil',
    'Your account is locked: evil.example/login',
    'eve@evil.example',
    'evil\u200c.ex\u200dample',
    'ｅｖｉｌ．ｅｘａｍｐｌｅ',
  ])('INJ-05: gives nothing that a mail client would make a link of: %s', (name) => {
    expect(toMailText(name)).toBeNull()
  })

  it('has no name where nobody could read one', () => {
    for (const name of ['', ' \t\n', '\u200b\u2060', '\u200d\u200c']) expect(toMailText(name)).toBeNull()
  })

  it('shows 64 characters and cuts the rest off, never in the middle of one', () => {
    expect(toMailText('ｗ'.repeat(64))).toBe('ｗ'.repeat(64))
    expect(toMailText('ｗ'.repeat(65))).toBe(`${'ｗ'.repeat(64)}…`)
    const family = '👨‍👩‍👧‍👦'
    expect(toMailText(family.repeat(100))).toMatch(new RegExp(`^(?:${family})+…$`))
    expect(toMailText(`a${'\u0301'.repeat(5_000)}`)?.length ?? 0).toBeLessThanOrEqual(257)
  })
})
