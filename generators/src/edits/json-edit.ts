import { parseExpression } from '@babel/parser'
import { MagicString } from 'magic-string'
import { findLineEnding, toLf, withLineEnding } from '../line-endings.ts'
import { isNode, type SyntaxNode } from '../syntax.ts'
import { entriesOf, indentAt } from './module-edit.ts'

/** A JSON text (comments allowed) opened for key-level edits that leave every other byte alone. */
export interface JsonText {
  readonly text: string
  readonly root: SyntaxNode
}

/** Parses JSON; `null` when it is not an object. JSON is an expression of the language, so positions come for free. */
export function openJson(text: string): JsonText | null {
  const source = toLf(text)
  try {
    const root: unknown = parseExpression(source)
    return isNode(root) && root.type === 'ObjectExpression' ? { text: source, root } : null
  } catch {
    return null
  }
}

/** The node at a path of keys; `null` when a key is missing. */
export function findJson(json: JsonText, keys: readonly string[]): SyntaxNode | null {
  let node: SyntaxNode | null = json.root
  for (const key of keys) {
    node = node === null ? null : valueOf(node, key)
  }
  return node
}

/**
 * Sets a string or other JSON value at a path of keys, adding objects on the way. A key that is new goes where
 * the order of its neighbours puts it, or last.
 *
 * @returns `null` when something on the way is not an object.
 */
export function setJson(original: string, keys: readonly string[], value: unknown): string | null {
  const json = openJson(original)
  if (json === null) return null
  const output = new MagicString(json.text)
  let object = json.root
  for (const [index, key] of keys.entries()) {
    const found = valueOf(object, key)
    const rest = keys.slice(index + 1)
    if (found === null) {
      insertKey(json.text, output, object, key, nest(rest, value))
      break
    }
    if (rest.length === 0) output.overwrite(found.start, found.end, JSON.stringify(value))
    else if (found.type !== 'ObjectExpression') return null
    object = found
  }
  return withLineEnding(output.toString(), findLineEnding(original))
}

/** Removes a key with its comma. @returns `null` when the key is not there. */
export function removeJson(original: string, keys: readonly string[]): string | null {
  const json = openJson(original)
  const parent = json && findJson(json, keys.slice(0, -1))
  const entries = parent === null ? [] : entriesOf(parent)
  const index = entries.findIndex((entry) => keyOf(entry) === keys.at(-1))
  const [entry, before, after] = [entries[index], entries[index - 1], entries[index + 1]]
  if (json === null || entry === undefined) return null
  const output = new MagicString(json.text)
  if (after) output.remove(entry.start, after.start)
  else output.remove(before ? before.end : entry.start, entry.end)
  return withLineEnding(output.toString(), findLineEnding(original))
}

function nest(keys: readonly string[], value: unknown): unknown {
  return keys.reduceRight((inner, key) => ({ [key]: inner }), value)
}

function insertKey(text: string, output: MagicString, object: SyntaxNode, key: string, value: unknown): void {
  const entries = entriesOf(object)
  const unit = indentUnit(text, object)
  const outer = indentAt(text, object.start)
  const isInline = entries.length > 0 && !text.slice(object.start, object.end).includes('\n')
  const indent = entries[0] ? indentAt(text, entries[0].start) : outer + unit
  const printed = `${JSON.stringify(key)}: ${print(value, unit, indent)}`
  const next = isSorted(entries) ? entries.find((entry) => keyOf(entry) > key) : undefined
  const last = entries.at(-1)
  if (last === undefined) {
    output.overwrite(object.start, object.end, `{\n${indent}${printed}\n${outer}}`)
  } else if (next !== undefined) {
    output.appendLeft(next.start, isInline ? `${printed}, ` : `${printed},\n${indent}`)
  } else {
    output.appendLeft(last.end, isInline ? `, ${printed}` : `,\n${indent}${printed}`)
  }
}

function print(value: unknown, unit: string, indent: string): string {
  const isShortList = Array.isArray(value) && value.every((item) => typeof item !== 'object')
  if (isShortList) return JSON.stringify(value).replaceAll('","', '", "')
  return JSON.stringify(value, null, unit).replaceAll('\n', `\n${indent}`)
}

/** One step of indentation, as the document itself shows it. */
function indentUnit(text: string, object: SyntaxNode): string {
  const line = /\n([ \t]+)"/u.exec(text)?.[1] ?? indentAt(text, object.start)
  return line === '' ? '  ' : line
}

function isSorted(entries: readonly SyntaxNode[]): boolean {
  const keys = entries.map(keyOf)
  return keys.length > 1 && keys.every((key, index) => index === 0 || String(keys[index - 1]) <= key)
}

function valueOf(object: SyntaxNode, key: string): SyntaxNode | null {
  const entry = entriesOf(object).findLast((candidate) => keyOf(candidate) === key)
  const value = entry?.['value']
  return isNode(value) ? value : null
}

function keyOf(entry: SyntaxNode): string {
  const key = entry['key']
  return isNode(key) ? String(key['value'] ?? key['name']) : ''
}
