import { sanitizeText } from '@sigra/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDefaultLogger } from './logger.ts'

afterEach(() => vi.unstubAllEnvs())

/** What reaches the terminal of an error that was made safe for the log. */
function logError(error: Error, production: boolean): string {
  let printed = ''
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((printed += text)))
  const stack = sanitizeText(error.stack ?? '', 2000)
  const fields = { requestId: 'r1', name: error.name, message: sanitizeText(error.message, 2000), stack }
  createDefaultLogger(production).error('request.failed', fields)
  write.mockRestore()
  return printed
}

describe('the log', () => {
  it('is read by people under sigra dev: a stack has its lines, and a message makes none', () => {
    vi.stubEnv('SIGRA_LOG', 'readable')
    const printed = logError(new Error('no\n    forged line'), false)
    const [head, request, name, ...frames] = printed.trimEnd().split('\n')
    expect(head).toMatch(/^\d\d:\d\d:\d\d error request\.failed: no\\u000a    forged line$/u)
    expect([request, name]).toEqual(['  requestId: r1', '  name: Error'])
    expect(frames[0]).toMatch(/^    at .*logger\.test\.ts:\d+/u)
    expect(frames.every((frame) => frame.startsWith('    at '))).toBe(true)
  })

  it('is one JSON line in production, whatever the environment asks for, and elsewhere', () => {
    vi.stubEnv('SIGRA_LOG', 'readable')
    expect(JSON.parse(logError(new Error('no'), true))).toMatchObject({ level: 'error', message: 'no' })
    vi.stubEnv('SIGRA_LOG', '')
    expect(JSON.parse(logError(new Error('no'), false))).toMatchObject({ event: 'request.failed' })
  })
})
