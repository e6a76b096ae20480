import { isNode, walk, type SyntaxNode } from '../syntax.ts'
import type { HostEdit } from './edit.ts'
import {
  addImport,
  appendEntry,
  editModule,
  entriesOf,
  importedFrom,
  isDeclared,
  quoted,
  withoutTypes,
  type Finding,
  type HostModule,
} from './module-edit.ts'

const paths = ['app/entry.server.tsx']

const nonceSnippet = `import { getNonce } from '@sigra/remix/react-router'

const nonce = getNonce(request)
<ServerRouter context={routerContext} url={request.url} nonce={nonce} />
renderToPipeableStream(…, { nonce, … })`

const exportSnippet = `export { sigra } from './sigra.server'`

/** `app/entry.server.tsx`: scripts of the page carry the nonce that its Content-Security-Policy names. */
export const nonceEdit: HostEdit = {
  paths,
  id: 'nonce',
  ensure: (text) => editModule(text, 'entry.server.tsx', nonceSnippet, ensureNonce),
}

/** `app/entry.server.tsx`: the server imports no file of the app; it gets `sigra` with the build. */
export const exportEdit: HostEdit = {
  paths,
  id: 'export',
  ensure: (text) => editModule(text, 'entry.server.tsx', exportSnippet, ensureExport),
}

function ensureNonce(module: HostModule): Finding {
  const found = findRendering(module)
  if ('unknown' in found) return found
  const { router, options, request } = found
  const hasAttribute = mentionsNonce(router)
  const hasOption = keysOf(options).includes('nonce')
  if (hasAttribute && hasOption) return 'already'
  if (hasAttribute || hasOption) return { unknown: 'it has a nonce in one place and not in the other' }

  const call = `getNonce(${request})`
  module.output.appendLeft(endOfAttributes(router), ` nonce={${call}}`)
  if (entriesOf(options).length === 0) appendEntry(module, options, `nonce: ${call}`)
  else prependProperty(module, options, `nonce: ${call}`)
  addImport(module, 'getNonce', '@sigra/remix/react-router')
  return 'changed'
}

function ensureExport(module: HostModule): Finding {
  for (const statement of module.program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue
    const names = statement.specifiers.map((specifier) =>
      'exported' in specifier ? specifier.exported : null,
    )
    if (names.some((name) => isNode(name) && name['name'] === 'sigra')) return 'already'
  }
  if (isDeclared(module, 'sigra')) return { unknown: 'it has a sigra of its own' }
  const { output, program, style } = module
  const isImported = importedFrom(module, 'sigra') !== null
  const from = isImported ? '' : ` from ${quoted(module, './sigra.server')}`
  const last = program.body.findLast((statement) => statement.type === 'ImportDeclaration')
  if (!last) return { unknown: 'it imports nothing' }
  output.appendLeft(Number(last.end), `\n\nexport { sigra }${from}${style.semicolon}`)
  return 'changed'
}

interface Rendering {
  /** The opening tag of `<ServerRouter>`. */
  router: SyntaxNode
  /** The options of the one render call. */
  options: SyntaxNode
  /** Name of the first parameter of the handler. */
  request: string
}

function findRendering({ program }: HostModule): Rendering | { unknown: string } {
  const routers: SyntaxNode[] = []
  const calls: SyntaxNode[] = []
  let request: string | null = null
  walk(program, (node, parents) => {
    if (node.type === 'JSXOpeningElement' && nameOf(node['name']) === 'ServerRouter') routers.push(node)
    if (node.type !== 'CallExpression' || !isRenderCall(node)) return
    calls.push(node)
    request ??= parents.map(firstParameter).find((name) => name !== null) ?? null
  })
  const [router, call] = [routers[0], calls[0]]
  if (!router || routers.length > 1) return { unknown: 'it has no single <ServerRouter>' }
  if (!call || calls.length > 1) return { unknown: 'it has no single call that renders to a stream' }
  const args = call['arguments']
  const options: unknown = Array.isArray(args) ? args[1] : null
  if (!isNode(options) || withoutTypes(options).type !== 'ObjectExpression') {
    return { unknown: 'the options of its render call are not written out' }
  }
  if (request === null) return { unknown: 'its handler has no named request' }
  return { router, options: withoutTypes(options), request }
}

function isRenderCall(node: SyntaxNode): boolean {
  return ['renderToPipeableStream', 'renderToReadableStream'].includes(nameOf(node['callee']))
}

/** The handler is the outermost function around the call: the first one that names its parameter. */
function firstParameter(node: SyntaxNode): string | null {
  const isFunction = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(
    node.type,
  )
  const parameters = isFunction ? node['params'] : null
  const first: unknown = Array.isArray(parameters) ? parameters[0] : null
  return isNode(first) && first.type === 'Identifier' ? nameOf(first) : null
}

function attributesOf(tag: SyntaxNode): SyntaxNode[] {
  const attributes = tag['attributes']
  return Array.isArray(attributes) ? attributes.filter(isNode) : []
}

/** As an attribute, or inside a spread: `{...(nonce && { nonce })}`. */
function mentionsNonce(tag: SyntaxNode): boolean {
  let found = false
  walk(tag, (node) => {
    found ||= node['name'] === 'nonce'
  })
  return found
}

function endOfAttributes(tag: SyntaxNode): number {
  const name = tag['name']
  return attributesOf(tag).at(-1)?.end ?? (isNode(name) ? name.end : tag.end - 1)
}

function keysOf(object: SyntaxNode): string[] {
  return entriesOf(object).map((entry) => nameOf(entry['key']))
}

function prependProperty({ output, text }: HostModule, object: SyntaxNode, property: string): void {
  const first = entriesOf(object)[0]
  if (!first) return
  const start = text.slice(object.start, first.start).includes('\n')
    ? text.lastIndexOf('\n', first.start) + 1
    : first.start
  const indent = text.slice(start, first.start)
  output.appendLeft(first.start, start === first.start ? `${property}, ` : `${property},\n${indent}`)
}

function nameOf(node: unknown): string {
  return isNode(node) ? String(node['name'] ?? '') : ''
}
