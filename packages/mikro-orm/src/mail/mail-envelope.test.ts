import { describe, expect, it } from 'vitest'
import { createMailEnvelope } from './mail-envelope.ts'

const origin = new URL('https://app.test:8443')
const mailId = '01934567-89ab-7def-8123-456789abcdef'

describe('createMailEnvelope', () => {
  it('MAIL-01 gives one mail the same id, date and boundary every time', () => {
    const instant = new Date('2026-11-20T19:00:00.987Z')
    const first = createMailEnvelope(mailId, instant, origin)
    expect(createMailEnvelope(mailId, instant, origin)).toEqual(first)
    expect(first.messageId).toBe(`<${mailId}@app.test>`)
    expect(first.date).toEqual(new Date('2026-11-20T19:00:00Z'))
    expect(first.boundary).toMatch(/^sigra-[\w-]{24}$/)
  })

  it('gives two mails different boundaries', () => {
    const instant = new Date(0)
    const other = createMailEnvelope(mailId.replace('0193', '0194'), instant, origin)
    expect(other.boundary).not.toBe(createMailEnvelope(mailId, instant, origin).boundary)
  })
})
