import { readFileSync } from 'node:fs'
import { parse } from '@babel/parser'

/** A node of a program, with what scripts read of one: which of it is there depends on `type`. */
export interface SyntaxNode {
  type: string
  start: number
  end: number
  loc: { start: { line: number } }
  name?: string
  /** Of a piece of a template: as it is, and as it is written. */
  value?: string | number | boolean | { cooked?: string | null; raw: string }
  computed?: boolean
  exportKind?: string
  importKind?: string
  argument?: SyntaxNode | null
  arguments?: SyntaxNode[]
  body?: SyntaxNode[]
  callee?: SyntaxNode
  id?: SyntaxNode
  imported?: SyntaxNode
  init?: SyntaxNode | null
  key?: SyntaxNode
  local?: SyntaxNode
  object?: SyntaxNode
  properties?: SyntaxNode[]
  property?: SyntaxNode
  source?: SyntaxNode | null
  specifiers?: SyntaxNode[]
  typeAnnotation?: SyntaxNode
}

export interface Parsed {
  text: string
  program: SyntaxNode
}

/** The program of a TypeScript file, JSX included where its name says so. */
export function parseFile(file: string): Parsed {
  return parseText(readFileSync(file, 'utf8'), { jsx: file.endsWith('x') })
}

export function parseText(text: string, { jsx = false } = {}): Parsed {
  const { program } = parse(text, {
    sourceType: 'module',
    plugins: jsx ? ['typescript', 'jsx'] : ['typescript'],
  })
  if (!isNode(program)) throw new Error('The parser made no program.')
  return { text, program }
}

/** Shows every node, the outer one first. */
export function visit(node: SyntaxNode, see: (node: SyntaxNode) => void): void {
  see(node)
  for (const value of Object.values<unknown>({ ...node })) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, see)
  }
}

/** What a node of text says, and `undefined` of any other. */
export function textOf(node: SyntaxNode | null | undefined): string | undefined {
  return node?.type === 'StringLiteral' && typeof node.value === 'string' ? node.value : undefined
}

/** What `import(…)` loads. */
export function dynamicImport(node: SyntaxNode): string | undefined {
  const isImport =
    node.type === 'ImportExpression' || (node.type === 'CallExpression' && node.callee?.type === 'Import')
  return isImport ? textOf(node.source ?? node.arguments?.[0]) : undefined
}

function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'loc' in value
  )
}
