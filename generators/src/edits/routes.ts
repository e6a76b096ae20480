import { isNode, walk, type SyntaxNode } from '../syntax.ts'
import type { HostEdit } from './edit.ts'
import {
  addImport,
  appendEntry,
  defaultExport,
  editModule,
  importedFrom,
  isDeclared,
  sourceOf,
  type Finding,
  type HostModule,
} from './module-edit.ts'

const call = '...sigraRoutes()'
const snippet = `import { sigraRoutes } from './sigra.routes.ts'

export default [/* your routes */ ${call}] satisfies RouteConfig`

/** `app/routes.ts`: one import and one entry. Later pages are added in `app/sigra.routes.ts`, which is ours. */
export const routesEdit: HostEdit = {
  paths: ['app/routes.ts'],
  id: 'routes',
  ensure: (text) => editModule(text, 'routes.ts', snippet, ensureRoutes),
}

function ensureRoutes(module: HostModule): Finding {
  if (importedFrom(module, 'sigraRoutes') !== null) {
    return isCalled(module) ? 'already' : { unknown: 'sigraRoutes is imported and not used' }
  }
  if (isDeclared(module, 'sigraRoutes')) return { unknown: 'it has a sigraRoutes of its own' }
  const routes = defaultExport(module)
  if (routes === null) return { unknown: 'it has no default export' }

  const found = addEntry(module, routes)
  if (found === 'changed') addImport(module, 'sigraRoutes', './sigra.routes.ts')
  return found
}

function addEntry(module: HostModule, routes: SyntaxNode): Finding {
  if (routes.type === 'ArrayExpression') {
    appendEntry(module, routes, call)
    return 'changed'
  }
  const awaited =
    routes.type === 'AwaitExpression' && isNode(routes['argument']) ? routes['argument'] : routes
  if (!isFlatRoutes(awaited)) return { unknown: 'its default export is not a list of routes' }
  module.output.overwrite(routes.start, routes.end, `[...(await ${sourceOf(module, awaited)}), ${call}]`)
  return 'changed'
}

function isFlatRoutes(node: SyntaxNode): boolean {
  const callee = node.type === 'CallExpression' ? node['callee'] : null
  return isNode(callee) && callee['name'] === 'flatRoutes'
}

function isCalled(module: HostModule): boolean {
  let found = false
  walk(module.program, (node) => {
    const callee = node.type === 'CallExpression' ? node['callee'] : null
    found ||= isNode(callee) && callee['name'] === 'sigraRoutes'
  })
  return found
}
