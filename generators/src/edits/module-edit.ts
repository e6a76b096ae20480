import { MagicString } from 'magic-string'
import { findLineEnding, toLf, withLineEnding } from '../line-endings.ts'
import {
  isNode,
  parseModule,
  type Comment,
  type Program,
  type Statement,
  type SyntaxNode,
} from '../syntax.ts'
import { already, changed, manual, type EditResult } from './edit.ts'

/** A module of the host, open for splicing. Positions are those of `text`; line ends are LF in here. */
export interface HostModule {
  readonly text: string
  readonly program: Program
  readonly comments: readonly Comment[]
  readonly output: MagicString
  readonly style: CodeStyle
  /** Start of each list that was added to. */
  readonly grown: Set<number>
}

/** How the host writes: what is inserted looks the same. */
export interface CodeStyle {
  quote: string
  semicolon: string
  indent: string
}

/** What an edit found: it spliced, it had nothing to do, or it does not understand the module. */
export type Finding = 'changed' | 'already' | { unknown: string }

/**
 * Opens a module, lets `edit` splice, and parses the result again. Whatever is not understood changes nothing and
 * comes back as `manual` with the snippet.
 */
export function editModule(
  text: string | null,
  path: string,
  snippet: string,
  edit: (module: HostModule) => Finding,
): EditResult {
  if (text === null) return manual('there is no such file', snippet)
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const source = toLf(text.slice(mark.length))
  const file = parseModule(source, path)
  if (file === null) return manual('it could not be parsed', snippet)

  const output = new MagicString(source)
  const comments = (file.comments ?? []).filter((comment) => isNode(comment))
  const style = readStyle(source, file.program)
  const finding = edit({ text: source, program: file.program, comments, output, style, grown: new Set() })
  if (finding === 'already') return already
  if (finding !== 'changed') return manual(finding.unknown, snippet)

  const result = output.toString()
  if (parseModule(result, path) === null) return manual('its shape is unknown', snippet)
  return changed(mark + withLineEnding(result, findLineEnding(text)))
}

/** Adds an import after the last one, or at the top; does nothing when the name is imported already. */
export function addImport(module: HostModule, name: string, source: string): void {
  if (importedFrom(module, name) !== null) return
  const { output, style, program } = module
  const line = `import { ${name} } from ${quoted(module, source)}${style.semicolon}`
  const last = program.body.findLast((statement) => statement.type === 'ImportDeclaration')
  if (last && isNode(last)) output.appendLeft(last.end, `\n${line}`)
  else output.appendLeft(topOf(module), `${line}\n\n`)
}

/** Adds a statement after the imports, a blank line around it, or at the top. */
export function addStatement(module: HostModule, statement: string): void {
  const last = module.program.body.findLast(({ type }) => type === 'ImportDeclaration')
  if (last && isNode(last)) module.output.appendLeft(last.end, `\n\n${statement}`)
  else module.output.appendLeft(topOf(module), `${statement}\n\n`)
}

/** Where a name is imported from; `null` when it is not. */
export function importedFrom({ program }: HostModule, name: string): string | null {
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue
    if (statement.specifiers.some((specifier) => specifier.local.name === name)) return statement.source.value
  }
  return null
}

/** Whether a top-level declaration (not an import) already uses a name. */
export function isDeclared({ program }: HostModule, name: string): boolean {
  return program.body.some(
    (statement) => declarationOf(statement, name) !== null || namesFunction(statement, name),
  )
}

/** The initial value of a top-level `const name = …`, exported or not; `null` when there is none. */
export function declarationOf(statement: Statement, name: string): SyntaxNode | null {
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
  if (declaration?.type !== 'VariableDeclaration') return null
  for (const { id, init } of declaration.declarations) {
    if (id.type === 'Identifier' && id.name === name && isNode(init)) return init
  }
  return null
}

/** What a module exports as default: the expression itself, types and one variable looked through. */
export function defaultExport({ program }: { readonly program: Program }): SyntaxNode | null {
  const statement = program.body.find((candidate) => candidate.type === 'ExportDefaultDeclaration')
  if (!statement || !isNode(statement.declaration)) return null
  return followName(program, withoutTypes(statement.declaration))
}

/** Looks through one variable: `const routes = […]; export default routes`. */
export function followName(program: Program, node: SyntaxNode): SyntaxNode {
  if (node.type !== 'Identifier') return node
  for (const statement of program.body) {
    const value = declarationOf(statement, String(node['name']))
    if (value !== null) return withoutTypes(value)
  }
  return node
}

/** `x satisfies T`, `x as T` and `(x)` are `x`. */
export function withoutTypes(node: SyntaxNode): SyntaxNode {
  const isWrapper = ['TSSatisfiesExpression', 'TSAsExpression', 'ParenthesizedExpression'].includes(node.type)
  const inner = isWrapper ? node['expression'] : null
  return isNode(inner) ? withoutTypes(inner) : node
}

/** Adds an entry to an array or object, as its last one, laid out like its neighbours. */
export function appendEntry(module: HostModule, list: SyntaxNode, entry: string): void {
  const { output, text, grown } = module
  const last = entriesOf(list).at(-1)
  const close = list.end - 1
  const isFirst = !grown.has(list.start)
  grown.add(list.start)
  if (last === undefined) return fillEmpty(module, list, entry, isFirst)

  const comma = findComma(module, last.end, close)
  const closeLine = text.lastIndexOf('\n', close) + 1
  const isCloseAlone = closeLine > last.end && text.slice(closeLine, close).trim() === ''
  const indent = `\n${indentAt(text, last.start)}`
  const isOnOwnLine = text.slice(list.start, last.start).includes('\n')
  if (isCloseAlone && comma !== -1) {
    output.appendLeft(closeLine - 1, `${indent}${entry},`)
  } else if (isCloseAlone) {
    if (isFirst) output.appendLeft(last.end, ',')
    output.appendLeft(closeLine - 1, `${isFirst ? '' : ','}${indent}${entry}`)
  } else if (comma !== -1) {
    output.appendLeft(comma + 1, ` ${entry},`)
  } else {
    output.appendLeft(last.end, isOnOwnLine ? `,${indent}${entry}` : `, ${entry}`)
  }
}

/** Adds an entry to an array as its first one. */
export function prependEntry(module: HostModule, list: SyntaxNode, entry: string): void {
  const first = entriesOf(list)[0]
  if (first === undefined) return appendEntry(module, list, entry)
  const isOnOwnLine = module.text.slice(list.start, first.start).includes('\n')
  const gap = isOnOwnLine ? `\n${indentAt(module.text, first.start)}` : ' '
  module.output.appendLeft(first.start, `${entry},${gap}`)
}

/** The value of `name: value` in an object; `null` when it is not there. */
export function propertyOf(object: SyntaxNode, name: string): SyntaxNode | null {
  for (const property of entriesOf(object)) {
    const key = property.type === 'ObjectProperty' ? property['key'] : null
    const isNamed =
      isNode(key) && (key['name'] === name || key['value'] === name) && property['computed'] !== true
    if (isNamed && isNode(property['value'])) return withoutTypes(property['value'])
  }
  return null
}

/** Whether an object takes properties from elsewhere, so that a missing one may exist after all. */
export function hasSpread(object: SyntaxNode): boolean {
  return entriesOf(object).some((entry) => entry.type === 'SpreadElement')
}

export function entriesOf(list: SyntaxNode): SyntaxNode[] {
  const entries = list['elements'] ?? list['properties']
  return Array.isArray(entries) ? entries.filter(isNode) : []
}

/** What is written in the module for a node. */
export function sourceOf({ text }: HostModule, node: SyntaxNode): string {
  return text.slice(node.start, node.end)
}

/** A string literal with the host's own quotes. For names: nothing is escaped. */
export function quoted({ style }: HostModule, name: string): string {
  return style.quote + name + style.quote
}

/** The white space a line begins with. */
export function indentAt(text: string, position: number): string {
  const start = text.lastIndexOf('\n', position - 1) + 1
  return /^[ \t]*/u.exec(text.slice(start))?.[0] ?? ''
}

function fillEmpty({ output, text }: HostModule, list: SyntaxNode, entry: string, isFirst: boolean): void {
  const close = list.end - 1
  const pad = list.type === 'ObjectExpression' ? ' ' : ''
  if (!isFirst) {
    output.appendLeft(close, `, ${entry}`)
    return
  }
  const isBlank = text.slice(list.start + 1, close).trim() === ''
  if (isBlank && close > list.start + 1) output.remove(list.start + 1, close)
  output.appendLeft(close, `${pad}${entry}`)
  output.appendRight(close, pad)
}

function findComma({ text, comments }: HostModule, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const comment = comments.find(({ start, end }) => Number(start) <= at && at < Number(end))
    if (comment) at = Number(comment.end) - 1
    else if (text[at] === ',') return at
  }
  return -1
}

function namesFunction(statement: Statement, name: string): boolean {
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
  const isNamed = declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration'
  return isNamed && declaration.id?.name === name
}

function topOf({ text, program }: HostModule): number {
  const first = program.body[0]
  if (program.interpreter) return text.indexOf('\n') + 1
  return first && isNode(first) && first.start > 0 ? firstOf(program, first.start) : 0
}

function firstOf(program: Program, start: number): number {
  const [first] = program.body
  const comments = first?.leadingComments ?? []
  return Math.min(start, ...comments.map((comment) => Number(comment.start)))
}

function readStyle(text: string, program: Program): CodeStyle {
  const lines = text.split('\n')
  const indented = lines
    .map((line) => /^(\t|(?: {2})+)\S/u.exec(line)?.[1])
    .filter((indent) => indent !== undefined)
  const statements = program.body.filter((statement) => endsLikeStatement(statement))
  const ended = statements.filter((statement) => text[Number(statement.end) - 1] === ';').length
  const double = text.split('"').length
  const single = text.split("'").length
  return {
    quote: double > single ? '"' : "'",
    semicolon: statements.length > 0 && ended * 2 >= statements.length ? ';' : '',
    indent: indented.includes('\t')
      ? '\t'
      : (indented.sort((one, other) => one.length - other.length)[0] ?? '  '),
  }
}

function endsLikeStatement(statement: Statement): boolean {
  return [
    'ImportDeclaration',
    'VariableDeclaration',
    'ExpressionStatement',
    'ExportDefaultDeclaration',
  ].includes(statement.type)
}
