import { describe, expect, it } from 'vitest'
import { defaultTransport } from './default-transport.ts'

describe('defaultTransport', () => {
  it('sends by SMTP where a URL is set', () => {
    expect(
      defaultTransport({ SMTP_URL: 'smtps://mail.example.com', NODE_ENV: 'production' }).close,
    ).toBeDefined()
  })

  it('is the mailbox in development', () => {
    expect(defaultTransport({ NODE_ENV: 'development' }).close).toBeUndefined()
  })

  it('refuses production without a URL (CFG-02)', () => {
    expect(() => defaultTransport({ NODE_ENV: 'production' })).toThrow(/^SMTP_URL is missing/)
  })
})
