import { describe, expect, it } from 'vitest'
import { explainCeremonyError } from './explain-ceremony-error.ts'

describe('explainCeremonyError', () => {
  it.each([
    ['NotAllowedError', 'cancelled'],
    ['TimeoutError', 'cancelled'],
    ['InvalidStateError', 'already-registered'],
    ['SecurityError', 'wrong-domain'],
    ['NotSupportedError', 'not-supported'],
    ['ConstraintError', 'not-supported'],
    ['AbortError', 'aborted'],
    ['EncodingError', 'failed'],
    ['constructor', 'failed'],
  ])('says of a %s that it is %s, and nothing of its text', (name, reason) => {
    const explained = explainCeremonyError(new DOMException('internal words of the browser', name))
    expect(explained).toEqual({ ok: false, reason })
  })

  it('has a reason for what is no error at all', () => {
    for (const thrown of [null, undefined, 'text', 7, {}]) {
      expect(explainCeremonyError(thrown)).toEqual({ ok: false, reason: 'failed' })
    }
  })
})
