import {
  applyEdits,
  findNodeAtLocation,
  modify,
  parseTree,
  type Edit,
  type Node,
  type ParseError,
} from 'jsonc-parser'
import { findLineEnding } from '../line-endings.ts'
import { indentAt } from './module-edit.ts'

/** A JSON object, comments and trailing commas allowed; `null` for any other text. */
export function openJson(text: string): Node | null {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true })
  return root?.type === 'object' && errors.length === 0 ? root : null
}

/** The node at a path of keys; `null` when a key is missing. */
export function findJson(root: Node, keys: readonly string[]): Node | null {
  return findNodeAtLocation(root, [...keys]) ?? null
}

/**
 * Sets a string or other JSON value at a path of keys, adding objects on the way. A key that is new goes where
 * the order of its neighbours puts it, or last; it is laid out as they are, and every other byte stays.
 *
 * @returns `null` when the text is no object, or something on the way is none.
 */
export function setJson(text: string, keys: readonly string[], value: unknown): string | null {
  const root = openJson(text)
  if (root === null) return null
  const place = deepestObject(root, keys)
  if (place === null) return null
  if (place.rest.length === 0) return applyEdits(text, modify(text, [...keys], value, {}))

  const edits = modify(text, [...keys], value, {
    getInsertionIndex: (known) => insertionIndex(known, place.rest[0]),
  })
  return applyEdits(
    text,
    edits.map((edit) => layOut(text, edit, place, value)),
  )
}

/** Removes a key with its comma. @returns `null` when the key is not there. */
export function removeJson(text: string, keys: readonly string[]): string | null {
  const root = openJson(text)
  if (root === null || findJson(root, keys) === null) return null
  return applyEdits(text, modify(text, [...keys], undefined, {}))
}

/** How far a path of keys leads. */
interface Place {
  object: Node
  /** Keys that are not there yet; empty when all are. */
  rest: readonly string[]
}

/** `null` when something on the way is not an object. */
function deepestObject(root: Node, keys: readonly string[]): Place | null {
  let object = root
  for (const [index, key] of keys.entries()) {
    const next = findNodeAtLocation(object, [key])
    if (next === undefined) return { object, rest: keys.slice(index) }
    if (index === keys.length - 1) return { object, rest: [] }
    if (next.type !== 'object') return null
    object = next
  }
  return { object, rest: [] }
}

/** Among keys that are sorted a new one has its place; else it is the last. */
function insertionIndex(known: readonly string[], key = ''): number {
  const isSorted =
    known.length > 1 && known.every((name, index) => index === 0 || String(known[index - 1]) <= name)
  const next = isSorted ? known.findIndex((name) => name > key) : -1
  return next === -1 ? known.length : next
}

/** The library says where the property goes, we how it looks there: its formatter would lay out the neighbours anew. */
function layOut(text: string, edit: Edit, { object, rest }: Place, value: unknown): Edit {
  const eol = findLineEnding(text)
  const children = object.children ?? []
  const isInline =
    children.length > 0 && !text.slice(object.offset, object.offset + object.length).includes('\n')
  const outer = indentAt(text, object.offset)
  const unit = /\n([ \t]+)"/u.exec(text)?.[1] ?? (outer === '' ? '  ' : outer)
  const indent = children[0] && !isInline ? indentAt(text, children[0].offset) : outer + unit
  const [key = '', ...inner] = rest
  const nested = inner.reduceRight((content: unknown, name) => ({ [name]: content }), value)
  const printed = `${JSON.stringify(key)}: ${print(nested, unit, indent)}`.replaceAll('\n', eol)
  const line = eol + indent
  const first = children[0]
  if (first === undefined) {
    return { offset: object.offset, length: object.length, content: `{${line}${printed}${eol}${outer}}` }
  }
  if (edit.content.startsWith(','))
    return { ...edit, content: isInline ? `, ${printed}` : `,${line}${printed}` }
  return { offset: first.offset, length: 0, content: isInline ? `${printed}, ` : `${printed},${line}` }
}

function print(value: unknown, unit: string, indent: string): string {
  const isShortList = Array.isArray(value) && value.every((item) => typeof item !== 'object')
  if (isShortList) return JSON.stringify(value).replaceAll('","', '", "')
  return JSON.stringify(value, null, unit).replaceAll('\n', `\n${indent}`)
}
