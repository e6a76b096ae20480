import { MagicString } from 'magic-string'
import { TemplateInvalid } from '../errors.ts'
import { keepLast } from '../keep-last.ts'
import { namesIn, readLiterals, writeEntries } from '../literals.ts'
import { isNode, parseModule, type SyntaxNode } from '../syntax.ts'
import type { FeatureParts, JointEntry } from './feature-parts.ts'

/** States that differ in names alone leave out the same. */
const left = keepLast<string>(128)

/**
 * A joint without what some features add there. The template has all of them, in the one order they have everywhere.
 *
 * @throws {TemplateInvalid} for an entry that is not there, a name that is used beside entries, or one that is only part of
 *   an entry: nothing is left out halfway, and nothing goes along.
 */
export function withoutFeatures(path: string, text: string, missing: readonly FeatureParts[]): string {
  const entries = missing.flatMap(({ joints }) => joints[path] ?? [])
  if (entries.length === 0) return text
  return left(JSON.stringify([path, text, entries]), () =>
    entries.reduce((done, entry) => withoutEntry(path, done, entry), text),
  )
}

function withoutEntry(path: string, text: string, { from, name }: JointEntry): string {
  let output = withoutImport(path, text, { from, name })
  let literals = readLiterals(output, path)
  for (const address of literals?.keys() ?? []) {
    const literal = literals?.get(address)
    const whole = literal?.entries.find(({ deepNames }) => deepNames.has(name))
    if (whole)
      throw new TemplateInvalid(
        `${path}: “${name}” of ${from} is only part of the entry “${whole.key}”. Give it an entry of a list of its own.`,
      )
    const kept = literal?.entries.filter(({ names }) => !names.has(name)) ?? []
    if (literal === undefined || kept.length === literal.entries.length) continue
    output = writeEntries(output, literal, kept)
    literals = readLiterals(output, path) // what follows stands elsewhere now
  }
  const isLeft = namesIn(parseModule(output, path)?.program).has(name)
  if (isLeft) throw new TemplateInvalid(`${path}: “${name}” of ${from} is more than an entry here.`)
  return output
}

/** Takes a name out of the imports, and with the last one its line. */
function withoutImport(path: string, text: string, { from, name }: JointEntry): string {
  const body: readonly unknown[] = parseModule(text, path)?.program.body ?? []
  const imports = body.filter(isNode).filter(({ type }) => type === 'ImportDeclaration')
  const found = imports.find(
    (statement) => sourceOf(statement) === from && localsOf(statement).includes(name),
  )
  if (found === undefined) throw new TemplateInvalid(`${path}: nothing imports “${name}” from ${from}.`)
  if (localsOf(found).length > 1) throw new TemplateInvalid(`${path}: import “${name}” on a line of its own.`)
  const end = text.indexOf('\n', found.end) + 1
  const isAlone = imports.length === 1 && text.startsWith('\n', end)
  return new MagicString(text).remove(found.start, isAlone ? end + 1 : end).toString()
}

function sourceOf(statement: SyntaxNode): string {
  return isNode(statement['source']) ? String(statement['source']['value']) : ''
}

function localsOf(statement: SyntaxNode): string[] {
  const specifiers = Array.isArray(statement['specifiers']) ? statement['specifiers'] : []
  return specifiers.filter(isNode).flatMap(({ local }) => (isNode(local) ? [String(local['name'])] : []))
}
