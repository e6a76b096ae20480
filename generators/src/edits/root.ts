import { isNode, walk, type SyntaxNode } from '../syntax.ts'
import type { HostEdit } from './edit.ts'
import {
  addImport,
  declarationOf,
  editModule,
  importedFrom,
  isDeclared,
  prependEntry,
  withoutTypes,
  type Finding,
  type HostModule,
} from './module-edit.ts'

const call = 'sigraMiddleware(sigra)'
const snippet = `import { sigraMiddleware } from '@sigra/remix/react-router'
import { sigra } from './sigra.server'

export const middleware: Route.MiddlewareFunction[] = [${call}]`

/** `app/root.tsx`: one entry in `middleware`, the first one, so that every other one can ask who is signed in. */
export const rootEdit: HostEdit = {
  paths: ['app/root.tsx'],
  id: 'middleware',
  ensure: (text) => editModule(text, 'root.tsx', snippet, ensureMiddleware),
}

function ensureMiddleware(module: HostModule): Finding {
  if (callsMiddleware(module)) return 'already'
  const isTaken = ['sigra', 'sigraMiddleware'].find(
    (name) => isDeclared(module, name) || isImported(module, name),
  )
  if (isTaken !== undefined) return { unknown: `it has a ${isTaken} of its own` }
  if (exportsElsewhere(module)) return { unknown: 'its middleware is exported from somewhere else' }

  const list = findMiddleware(module)
  if (list === null) addMiddleware(module)
  else if (list.type === 'ArrayExpression') prependEntry(module, list, call)
  else return { unknown: 'its middleware is not a plain list' }

  addImport(module, 'sigraMiddleware', '@sigra/remix/react-router')
  addImport(module, 'sigra', './sigra.server')
  return 'changed'
}

function findMiddleware({ program }: HostModule): SyntaxNode | null {
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue
    const value = declarationOf(statement, 'middleware')
    if (value !== null) return withoutTypes(value)
  }
  return null
}

function addMiddleware(module: HostModule): void {
  const { output, program, style } = module
  const type = importedFrom(module, 'Route') === null ? '' : ': Route.MiddlewareFunction[]'
  const line = `export const middleware${type} = [${call}]${style.semicolon}`
  const next = program.body.find((statement) => statement.type !== 'ImportDeclaration')
  const comments = next?.leadingComments ?? []
  const start = Math.min(
    Number(next?.start ?? module.text.length),
    ...comments.map((comment) => Number(comment.start)),
  )
  output.appendRight(start, `${line}\n\n`)
}

function isImported(module: HostModule, name: string): boolean {
  const source = importedFrom(module, name)
  return source !== null && !source.startsWith('@sigra/') && !/(^|\/)sigra\.server(\.ts)?$/u.test(source)
}

/** `export { middleware }`, `export { middleware } from …`, `export function middleware`. */
function exportsElsewhere({ program }: HostModule): boolean {
  return program.body.some((statement) => {
    if (statement.type !== 'ExportNamedDeclaration') return statement.type === 'ExportAllDeclaration'
    const isSpecified = statement.specifiers.some(
      (specifier) =>
        'exported' in specifier && isNode(specifier.exported) && specifier.exported['name'] === 'middleware',
    )
    return (
      isSpecified ||
      (statement.declaration?.type === 'FunctionDeclaration' &&
        statement.declaration.id?.name === 'middleware')
    )
  })
}

function callsMiddleware({ program }: HostModule): boolean {
  let found = false
  walk(program, (node) => {
    const callee = node.type === 'CallExpression' ? node['callee'] : null
    found ||= isNode(callee) && callee['name'] === 'sigraMiddleware'
  })
  return found
}
