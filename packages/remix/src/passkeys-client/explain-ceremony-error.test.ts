import { describe, expect, it } from 'vitest'
import { explainCeremonyError } from './explain-ceremony-error.ts'

describe('explainCeremonyError', () => {
  it.each([
    ['NotAllowedError', 'cancelled', 'Nothing happened'],
    ['TimeoutError', 'cancelled', 'Nothing happened'],
    ['InvalidStateError', 'already-registered', 'already'],
    ['SecurityError', 'wrong-domain', 'this address'],
    ['NotSupportedError', 'not-supported', 'cannot use passkeys'],
    ['ConstraintError', 'not-supported', 'cannot use passkeys'],
    ['AbortError', 'aborted', 'interrupted'],
    ['EncodingError', 'failed', 'could not use the passkey'],
    ['constructor', 'failed', 'could not use the passkey'],
  ])('says of a %s that it is %s', (name, reason, words) => {
    const explained = explainCeremonyError(new DOMException('internal words of the browser', name))
    expect(explained).toMatchObject({ ok: false, reason })
    expect(explained.message).toContain(words)
    expect(explained.message).not.toContain('internal')
  })

  it('has a sentence for what is no error at all', () => {
    for (const thrown of [null, undefined, 'text', 7, {}]) {
      expect(explainCeremonyError(thrown)).toMatchObject({ reason: 'failed', message: expect.any(String) })
    }
  })
})
