import { describe, expect, it } from 'vitest'
import { createOfflineSigra } from './testing-only/offline-sigra.ts'

describe('sigra.logFailure', () => {
  const request = () => new Request('https://app.test/dashboard')

  it('INJ-02: logs what a page failed with, encoded and bounded, under the number of the request', () => {
    const { sigra, logged } = createOfflineSigra()
    const args = { request: request() }
    sigra.logFailure(args, new Error(`\r\n{"forged":"line"}\u001b[31m\u202e${'x'.repeat(1_000_000)}`))
    expect(logged).toHaveLength(1)
    const { event, fields } = logged[0] ?? { event: '', fields: {} }
    expect(event).toBe('request.failed')
    expect(fields).toMatchObject({ requestId: sigra.requestId(args), name: 'Error' })
    for (const name of ['message', 'stack']) {
      const text = String(fields[name])
      expect(text).toContain('forged')
      expect(text.length).toBeLessThanOrEqual(2000)
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }
  })

  it('takes whatever was thrown', () => {
    const { sigra, logged } = createOfflineSigra()
    for (const thrown of ['text', null, undefined, { toString: null }]) {
      sigra.logFailure({ request: request() }, thrown)
    }
    expect(logged).toHaveLength(4)
  })
})
