import { parse, type File } from '@babel/parser'
import { keepLast } from './keep-last.ts'

/** Any node of the tree, for walks that do not care which. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [property: string]: unknown
}

export type Program = File['program']
export type Comment = NonNullable<File['comments']>[number]
export type Statement = Program['body'][number]

/** The texts parsed last: whoever merges a file asks for the same few by turns. Nobody changes a tree. */
const parsed = keepLast<File | null>(8)

/** Parses a module; `null` when it is not valid TypeScript, TSX or JavaScript. */
export function parseModule(text: string, path: string): File | null {
  const isJsx = !path.endsWith('.ts') && !path.endsWith('.mts')
  return parsed(`${isJsx ? 'jsx' : 'ts'}:${text}`, () => parseAnew(text, isJsx))
}

function parseAnew(text: string, isJsx: boolean): File | null {
  try {
    return parse(text, { sourceType: 'module', plugins: isJsx ? ['typescript', 'jsx'] : ['typescript'] })
  } catch {
    return null
  }
}

export function isCodePath(path: string): boolean {
  return /\.(ts|tsx|mts|js|jsx|mjs)$/u.test(path)
}

/** Visits every node with its ancestors, nearest last. */
export function walk(
  root: unknown,
  visit: (node: SyntaxNode, parents: readonly SyntaxNode[], key: string) => void,
): void {
  const parents: SyntaxNode[] = []
  const enter = (value: unknown, key: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) enter(item, key)
    } else if (isNode(value)) {
      visit(value, parents, key)
      parents.push(value)
      for (const [property, child] of Object.entries(value)) {
        if (!ignoredProperties.has(property)) enter(child, property)
      }
      parents.pop()
    }
  }
  enter(root, '')
}

export function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'start' in value &&
    typeof value.start === 'number' &&
    'end' in value &&
    typeof value.end === 'number'
  )
}

const ignoredProperties = new Set([
  'leadingComments',
  'trailingComments',
  'innerComments',
  'loc',
  'extra',
  'tokens',
  'errors',
])
