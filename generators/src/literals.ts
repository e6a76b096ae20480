import { isNode, parseModule, walk, type SyntaxNode } from './syntax.ts'

/** An object or a list that is written out in a module, as its entries. */
export interface Literal {
  /** Where it begins and ends in the text, brackets included. */
  start: number
  end: number
  entries: readonly Entry[]
  /** What stands between the last entry and the closing bracket: comments, too. */
  tail: string
  hasLastComma: boolean
}

export interface Entry {
  /** Name of a property, callee of a spread, path of a route: what stays when its value changes. */
  key: string
  /** Line breaks and comments before it. */
  lead: string
  core: string
  /** A comment behind it, on its line. */
  trail: string
  /** Names it is made of; looked for when they are read, as most entries are only compared. */
  readonly names: ReadonlySet<string>
  /** Of these, what stands in an object or a list that is only part of it. */
  readonly deepNames: ReadonlySet<string>
}

/**
 * Every literal of a module by where it stands: `securityRows`, `sigraRoutes/return`. One whose place is not unique,
 * or whose entries cannot be told apart, is left out.
 *
 * @returns `null` when the text does not parse.
 */
export function readLiterals(text: string, path: string): ReadonlyMap<string, Literal> | null {
  const file = parseModule(text, path)
  if (file === null) return null
  const found = new Map<string, Literal | null>()
  walk(file.program, (node, parents, key) => {
    if (node.type !== 'ObjectExpression' && node.type !== 'ArrayExpression') return
    const address = [...addressOf(text, parents), key === 'arguments' ? '()' : ''].filter(Boolean).join('/')
    found.set(address, found.has(address) ? null : readLiteral(text, node))
  })
  return new Map([...found].flatMap(([address, literal]) => (literal ? [[address, literal]] : [])))
}

/** The text with other entries in one of its literals. */
export function writeEntries(
  text: string,
  literal: Literal,
  entries: readonly Entry[],
  like?: Literal,
): string {
  const isGrown = literal.entries.length === 0
  const hasLastComma = isGrown ? (like?.hasLastComma ?? false) : literal.hasLastComma
  const isTight = literal.entries[0]?.lead === ''
  const inner = entries.map(({ lead, core, trail }, index) => {
    const comma = index < entries.length - 1 || hasLastComma ? ',' : ''
    return (isTight ? spaced(lead, index) : lead) + core + comma + trail
  })
  const isPlain = literal.tail.trim() === ''
  const tail = isPlain && entries.length === 0 ? '' : isPlain && isGrown ? (like?.tail ?? '') : literal.tail
  return text.slice(0, literal.start + 1) + inner.join('') + tail + text.slice(literal.end - 1)
}

/** In a list on one line, the first entry stands at the bracket and each other one behind a space. */
function spaced(lead: string, index: number): string {
  if (index === 0) return lead === ' ' ? '' : lead
  return lead === '' ? ' ' : lead
}

/** Whether two entries say the same, comments included. */
export function isSameEntry(one: Entry, other: Entry): boolean {
  const comments = ({ lead, trail }: Entry) => `${lead.trim()}\n${trail.trim()}`.replaceAll(/\n\s+/gu, '\n')
  return one.core === other.core && comments(one) === comments(other)
}

function readLiteral(text: string, literal: SyntaxNode): Literal | null {
  const children = literal.type === 'ObjectExpression' ? literal['properties'] : literal['elements']
  if (!Array.isArray(children) || !children.every(isNode)) return null
  const entries: Entry[] = []
  let from = literal.start + 1
  let hasLastComma = false
  for (const child of children) {
    const comma = findComma(text, child.end, literal.end)
    hasLastComma = comma !== null
    const after = comma === null ? child.end : comma + 1
    const [trail] = /^[ \t]*(?:\/\/[^\n]*|\/\*[^\n]*?\*\/(?=[ \t]*(?:\n|$)))?/u.exec(
      text.slice(after, literal.end - 1),
    ) ?? ['']
    // What stands between an entry and its comma would lose its place.
    if (comma !== null && text.slice(child.end, comma).trim() !== '') return null
    const isOnLine = trail.trim() !== ''
    entries.push({
      key: keyOf(text, child),
      lead: text.slice(from, child.start),
      core: text.slice(child.start, child.end),
      trail: isOnLine ? trail : '',
      get names() {
        return namesIn(child)
      },
      get deepNames() {
        return namesIn(child, isInLiteral)
      },
    })
    from = isOnLine ? after + trail.length : after
  }
  if (new Set(entries.map(({ key }) => key)).size < entries.length) return null
  return {
    start: literal.start,
    end: literal.end,
    entries,
    tail: text.slice(from, literal.end - 1),
    hasLastComma,
  }
}

/** The comma behind an entry, past comments. */
function findComma(text: string, from: number, end: number): number | null {
  let at = from
  while (at < end) {
    if (text.startsWith('//', at)) at = text.indexOf('\n', at)
    else if (text.startsWith('/*', at)) at = text.indexOf('*/', at) + 1
    else if (text[at] === ',') return at
    else if (text[at]?.trim() !== '') return null
    at += 1
  }
  return null
}

function keyOf(text: string, node: SyntaxNode): string {
  const source = (part: unknown) => (isNode(part) ? text.slice(part.start, part.end) : '')
  switch (node.type) {
    case 'ObjectProperty':
    case 'ObjectMethod':
      return nameOf(node['key']) ?? source(node['key'])
    case 'SpreadElement':
      return `...${source(isNode(node['argument']) ? (node['argument']['callee'] ?? node['argument']) : null)}`
    case 'CallExpression':
      return `${source(node['callee'])}(${source(firstOf(node['arguments']))})`
    case 'ObjectExpression':
      return `{${source(firstOf(node['properties']))}}`
    default:
      return source(node)
  }
}

function addressOf(text: string, parents: readonly SyntaxNode[]): string[] {
  return parents.flatMap((node) => {
    if (node.type === 'ReturnStatement') return ['return']
    if (node.type === 'ArrayExpression') return ['[]']
    if (node.type === 'ExportDefaultDeclaration') return ['default']
    if (node.type === 'CallExpression') return [keyOf(text, node).split('{', 1).join('')]
    const name = nameOf(node['id']) ?? nameOf(node['key'])
    return name === null ? [] : [name]
  })
}

function nameOf(node: unknown): string | null {
  if (!isNode(node)) return null
  if (node.type === 'Identifier') return String(node['name'])
  return node.type === 'StringLiteral' ? String(node['value']) : null
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined
}

function isInLiteral(parents: readonly SyntaxNode[]): boolean {
  return parents.some(({ type }) => type === 'ObjectExpression' || type === 'ArrayExpression')
}

/** Names of values and types below a node, not of properties. @param counts By what stands between. @default all */
export function namesIn(
  entry: unknown,
  counts: (parents: readonly SyntaxNode[]) => boolean = () => true,
): ReadonlySet<string> {
  const names = new Set<string>()
  walk(entry, (node, parents, key) => {
    if (node.type !== 'Identifier' || !counts(parents)) return
    const parent = parents.at(-1)
    const isProperty =
      parent?.type === 'MemberExpression' && key === 'property' && parent['computed'] !== true
    const isKey = parent?.type === 'ObjectProperty' && key === 'key' && parent['shorthand'] !== true
    if (!isProperty && !isKey) names.add(String(node['name']))
  })
  return names
}
