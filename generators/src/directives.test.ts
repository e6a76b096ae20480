import { describe, expect, it } from 'vitest'
import { selectLines } from './directives.ts'
import { smallState } from './testing-only/small-app.ts'

const queue = smallState()
const inProcess = smallState({ flags: { ...queue.flags, mail: 'in-process' } })

describe('selectLines', () => {
  it('keeps the lines of the branch whose condition holds', () => {
    const text = 'a\n// sigra:if mail=queue\nb\n// sigra:else\nc\n// sigra:end\nd\n'
    expect(selectLines(text, queue, 'x.ts')).toBe('a\nb\nd\n')
    expect(selectLines(text, inProcess, 'x.ts')).toBe('a\nc\nd\n')
  })

  it.each([
    ['JSX', '{/* sigra:if mail=queue */}', '{/* sigra:end */}'],
    ['env and YAML', '# sigra:if mail=queue', '# sigra:end'],
    ['CSS', '/* sigra:if mail=queue */', '/* sigra:end */'],
    ['Markdown', '<!-- sigra:if mail=queue -->', '<!-- sigra:end -->'],
  ])('reads the comments of %s', (_language, open, close) => {
    expect(selectLines(`a\n  ${open}\nb\n  ${close}\n`, inProcess, 'x')).toBe('a\n')
  })

  it('writes out lines that could not be live in the template', () => {
    const text = '  // sigra:if mail=in-process\n  // sigra:+ start()\n  // sigra:end\n'
    expect(selectLines(text, inProcess, 'x.ts')).toBe('  start()\n')
    expect(selectLines(text, queue, 'x.ts')).toBe('')
  })

  it('nests, and wants every condition of a line', () => {
    const text = '// sigra:if mail=queue id=uuid\na\n// sigra:if !accounts\nb\n// sigra:end\n// sigra:end\n'
    expect(selectLines(text, queue, 'x.ts')).toBe('a\n')
    expect(selectLines(text, inProcess, 'x.ts')).toBe('')
  })

  it('leaves a file out when its first line says so', () => {
    expect(selectLines('// sigra:file mail=queue\na\n', inProcess, 'x.ts')).toBeNull()
    expect(selectLines('// sigra:file mail=queue\na\n', queue, 'x.ts')).toBe('a\n')
  })

  it('asks for features by their bare name', () => {
    const text =
      '// sigra:if passkeys\na\n// sigra:else\nb\n// sigra:end\n// sigra:if !passkeys\nc\n// sigra:end\n'
    expect(selectLines(text, queue, 'x.ts')).toBe('a\n')
    expect(selectLines(text, smallState({ features: ['accounts'] }), 'x.ts')).toBe('b\nc\n')
  })

  it('does not leave two blank lines where a block was', () => {
    expect(selectLines('a\n\n// sigra:if !accounts\nb\n// sigra:end\n\nc\n', queue, 'x.ts')).toBe('a\n\nc\n')
  })

  it.each([
    '// sigra:if mail=pigeon-post-typo-key x',
    '// sigra:if color=red',
    '// sigra:if passkeys=yes',
    '// sigra:if passkey',
    '// sigra:else',
    '// sigra:end',
    '// sigra:if',
  ])('refuses “%s”', (line) => {
    expect(() => selectLines(`${line}\n`, queue, 'x.ts')).toThrow(/x\.ts/u)
  })
})
