import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isEqualConstantTime } from './constant-time.ts'

describe('isEqualConstantTime', () => {
  it('tells equal bytes from different ones', () => {
    expect(isEqualConstantTime(Buffer.from('same'), new TextEncoder().encode('same'))).toBe(true)
    expect(isEqualConstantTime(Buffer.from('same'), Buffer.from('sane'))).toBe(false)
  })

  it('says no, and does not throw, for different lengths', () => {
    expect(isEqualConstantTime(Buffer.from('a'), Buffer.from('ab'))).toBe(false)
  })

  it('TOK-07 is the only place that compares secret bytes', () => {
    const here = new URL('./', import.meta.url)
    const sources = readdirSync(here).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    const comparing = sources.filter((file) => {
      return /timingSafeEqual|\.equals\(|Buffer\.compare/.test(readFileSync(new URL(file, here), 'utf8'))
    })
    expect(comparing).toEqual(['constant-time.ts'])
    expect(isEqualConstantTime.toString()).toContain('timingSafeEqual')
  })
})
