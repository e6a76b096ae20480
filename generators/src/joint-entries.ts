import { MagicString } from 'magic-string'
import { TemplateInvalid } from './errors.ts'
import { type Entry, type Literal, readLiterals, writeEntries } from './literals.ts'
import { isNode, parseModule, type SyntaxNode } from './syntax.ts'

/**
 * Adds an entry to the one list whose place ends so; nothing where it stands there.
 *
 * @param index Before which entry. @default behind the last one
 * @throws {TemplateInvalid} when there is no such list.
 */
export function addEntry(text: string, path: string, place: string, core: string, index?: number): string {
  const literal = getList(text, path, place)
  if (literal.entries.some((entry) => entry.core === core)) return text
  const last = literal.entries.at(-1)
  const lead =
    last === undefined || literal.entries.length > 1 || last.lead.includes('\n') ? (last?.lead ?? '') : ' '
  const entry: Entry = {
    key: core,
    lead: lead.replace(/\n\s*\/\/.*/gu, ''),
    core,
    trail: '',
    names: new Set(),
    deepNames: new Set(),
  }
  return writeEntries(text, literal, literal.entries.toSpliced(index ?? literal.entries.length, 0, entry))
}

/** What stands in that list, as it is written. @throws {TemplateInvalid} when there is none. */
export function readEntries(text: string, path: string, place: string): readonly string[] {
  return getList(text, path, place).entries.map(({ core }) => core)
}

function getList(text: string, path: string, place: string): Literal {
  const literals = [...(readLiterals(text, path) ?? [])]
  const [, literal] = literals.find(([address]) => address.endsWith(place)) ?? []
  if (literal === undefined) throw new TemplateInvalid(`${path}: there is no list ${place}.`)
  return literal
}

export interface Imported {
  name: string
  from: string
}

/** An import of its own, behind the others. @throws {TemplateInvalid} for a module that has none. */
export function addImport(text: string, path: string, { name, from }: Imported): string {
  const last = importsOf(text, path).at(-1)
  if (last === undefined) throw new TemplateInvalid(`${path}: it imports nothing.`)
  return new MagicString(text).appendLeft(last.end, `\nimport { ${name} } from '${from}'`).toString()
}

/** One more name of a module that is imported from already. @throws {TemplateInvalid} for one that is not. */
export function addNamed(text: string, path: string, { name, from }: Imported): string {
  const statement = importsOf(text, path).find(({ source }) => isNode(source) && source['value'] === from)
  const specifiers = statement?.['specifiers']
  if (statement === undefined || !Array.isArray(specifiers))
    throw new TemplateInvalid(`${path}: nothing is imported from ${from}.`)
  const isOfTypes = statement['importKind'] === 'type'
  const names = specifiers
    .filter(isNode)
    .map(({ start, end }) => (isOfTypes ? 'type ' : '') + text.slice(start, end))
  if (names.includes(name)) return text
  const bare = (each: string) => each.replace(/^type /u, '').toLowerCase()
  const sorted = [...names, name].toSorted((one, other) => (bare(one) < bare(other) ? -1 : 1))
  return new MagicString(text)
    .overwrite(statement.start, statement.end, `import { ${sorted.join(', ')} } from '${from}'`)
    .toString()
}

function importsOf(text: string, path: string): SyntaxNode[] {
  const body: readonly unknown[] = parseModule(text, path)?.program.body ?? []
  return body.filter(isNode).filter(({ type }) => type === 'ImportDeclaration')
}
