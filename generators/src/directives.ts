import { TemplateInvalid } from './errors.ts'
import { features } from './features.ts'
import type { State } from './state.ts'

/**
 * Selects the lines of a template that belong to a state. A directive is a comment alone on its line, in
 * whatever form the language has: `// sigra:if mail=queue`, `{/* sigra:else *\/}`, `# sigra:end`,
 * `<!-- sigra:file accounts -->`.
 *
 * Conditions are separated by spaces and all must hold; `!` negates one: a feature (`accounts`,
 * `!passkeys`), a value of one (`oauth=google`), a flag (`mail=queue`, `!id=uuid`), `app=existing`, or
 * `retired`, `retired=passkeys`. Lines of the branch that cannot be live in the template app are written as
 * comments `// sigra:+ code` and come out as `code`.
 *
 * @returns `null` when the first line is a `sigra:file` whose condition does not hold.
 * @throws {TemplateInvalid} for an unknown directive or condition, or blocks that do not match.
 */
export function selectLines(text: string, state: State, path: string): string | null {
  const output = createOutput()
  const blocks: Block[] = []
  const lines = text.split('\n')

  for (const [index, line] of lines.entries()) {
    const directive = readDirective(line)
    const isLive = blocks.every((block) => block.isLive)
    const at = `${path}:${index + 1}`

    if (directive === null) {
      if (isLive) output.add(line)
    } else if (directive.word === 'file' && index === 0) {
      if (!holds(directive.rest, state, at)) return null
      output.drop()
    } else if (directive.word === '+') {
      if (isLive) output.add(indentOf(line) + directive.rest)
    } else {
      changeBlocks(blocks, directive, state, at)
      output.drop()
    }
  }
  if (blocks.length > 0) throw new TemplateInvalid(`${path}: sigra:if without sigra:end.`)
  return output.text()
}

interface Directive {
  word: string
  rest: string
}

interface Block {
  isLive: boolean
  hasElse: boolean
}

const commentForms: readonly (readonly [open: string, close: string])[] = [
  ['{/*', '*/}'],
  ['/*', '*/'],
  ['<!--', '-->'],
  ['//', ''],
  ['--', ''],
  ['#', ''],
]

function readDirective(line: string): Directive | null {
  const trimmed = line.trim()
  for (const [open, close] of commentForms) {
    if (!trimmed.startsWith(open) || !trimmed.endsWith(close)) continue
    const inside = trimmed.slice(open.length, trimmed.length - close.length).trim()
    if (!inside.startsWith('sigra:')) return null
    const [word = '', ...rest] = inside.slice('sigra:'.length).split(' ')
    return { word, rest: rest.join(' ') }
  }
  return null
}

function changeBlocks(blocks: Block[], { word, rest }: Directive, state: State, at: string): void {
  const current = blocks.at(-1)
  if (word === 'if') {
    blocks.push({ isLive: holds(rest, state, at), hasElse: false })
  } else if (word === 'else' && current && !current.hasElse) {
    current.isLive = !current.isLive
    current.hasElse = true
  } else if (word === 'end' && current) {
    blocks.pop()
  } else {
    throw new TemplateInvalid(`${at}: “sigra:${word}” is unknown or out of place here.`)
  }
}

/** Whether all conditions hold, as in a directive. @throws {TemplateInvalid} */
export function holds(conditions: string, state: State, at: string): boolean {
  const words = conditions.split(' ').filter((word) => word !== '')
  if (words.length === 0) throw new TemplateInvalid(`${at}: a condition is missing.`)
  return words.every((word) =>
    word.startsWith('!') ? !holdsOne(word.slice(1), state, at) : holdsOne(word, state, at),
  )
}

function holdsOne(condition: string, state: State, at: string): boolean {
  const [key = '', value] = condition.split('=')
  const feature = features.find((known) => known === condition)
  if (feature !== undefined) return state.features.includes(feature)
  if (features.some((known) => known === key) && value !== undefined)
    return state.values[key]?.includes(value) === true
  if (condition === 'retired') return state.retired.length > 0
  if (key === 'retired' && value !== undefined) return state.retired.some((name) => name === value)
  if (key === 'app' && value !== undefined) return state.app === value
  const flag = Object.entries(state.flags).find(([name]) => name === key)
  if (flag === undefined || value === undefined)
    throw new TemplateInvalid(`${at}: unknown condition “${condition}”.`)
  return flag[1] === value
}

function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length)
}

/** Collects lines; where directives went away between two blank lines, one of them goes too. */
function createOutput(): { add(line: string): void; drop(): void; text(): string } {
  const lines: string[] = []
  let hasDropped = false
  return {
    add(line) {
      const isDoubled = hasDropped && line === '' && (lines.length === 0 || lines.at(-1) === '')
      if (!isDoubled) lines.push(line)
      if (!isDoubled) hasDropped = false
    },
    drop() {
      hasDropped = true
    },
    text: () => lines.join('\n'),
  }
}
