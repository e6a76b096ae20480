import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { askDecision } from './ask-decision.ts'
import { askLine } from './ask-line.ts'

const conflict = {
  path: 'app/x.ts',
  reason: 'you edited lines that the new version changes',
  before: '',
  stages: { base: null, ours: '', theirs: '' },
  withMarkers: '',
  replacement: '',
}

function typing(...lines: string[]): { input: PassThrough; output: PassThrough } {
  const [input, output] = [new PassThrough(), new PassThrough()]
  // A line at a time: each question has a reader of its own.
  output.on('data', () => input.write(lines.length === 0 ? '' : `${lines.shift()}\n`))
  return { input, output }
}

describe('askLine', () => {
  it('returns what was typed, without the spaces around it', async () => {
    expect(await askLine('Name? ', typing('  passkeys '))).toBe('passkeys')
  })

  it('is cancelled by the end of the input', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const asked = askLine('Name? ', { input, output })
    input.end()
    await expect(asked).rejects.toMatchObject({ exitCode: 130 })
  })
})

describe('askDecision', () => {
  it.each([
    ['k', 'keep'],
    ['M', 'merge'],
    ['replace', 'replace'],
    ['s', 'refuse'],
  ])('takes %s for %s', async (typed, decision) => {
    expect(await askDecision(conflict, typing(typed))).toBe(decision)
  })

  it('asks again until it is one of the four, and says which file it is about', async () => {
    const streams = typing('', 'perhaps', 'm')
    const decided = await askDecision(conflict, streams)
    streams.output.end()
    expect(decided).toBe('merge')
    expect(await text(streams.output)).toBe('')
  })
})
