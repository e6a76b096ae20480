import { isCodePath, parseModule, walk, type SyntaxNode } from './syntax.ts'

/**
 * A name that one text of a module imports, and that another still uses though nothing there imports or declares it.
 *
 * @returns `null` where there is none, and where a text does not parse.
 */
export function findLostImport(path: string, before: string, after: string): string | null {
  if (!isCodePath(path)) return null
  const [was, is] = [readNames(before, path), readNames(after, path)]
  const lost = [...was.imported].find(
    (name) => is.used.has(name) && !is.imported.has(name) && !is.declared.has(name),
  )
  return lost ?? null
}

interface ModuleNames {
  imported: ReadonlySet<string>
  /** By anything but an import, anywhere in the module. */
  declared: ReadonlySet<string>
  used: ReadonlySet<string>
}

const declarations = /Declarat|Function|^ClassMethod$|^ObjectMethod$|^CatchClause$/u

function readNames(text: string, path: string): ModuleNames {
  const [imported, declared, used] = [new Set<string>(), new Set<string>(), new Set<string>()]
  walk(parseModule(text, path)?.program, (node, parents, key) => {
    if (node.type !== 'Identifier' && node.type !== 'JSXIdentifier') return
    const parent = parents.at(-1)
    const name = String(node['name'])
    if (parent === undefined) return
    if (/^Import.*Specifier$/u.test(parent.type)) {
      if (key === 'local') imported.add(name)
    } else if (isBinding(parents, key)) declared.add(name)
    else if (!isOnlyName(parent, key)) used.add(name)
  })
  return { imported, declared, used }
}

/** What a declaration, or a parameter, is called; inside of a pattern too. */
function isBinding(parents: readonly SyntaxNode[], key: string): boolean {
  const [outer, parent] = [parents.at(-2), parents.at(-1)]
  if (parent === undefined) return false
  if (parent.type === 'ObjectProperty' && outer?.type === 'ObjectPattern')
    return key === 'value' || parent['shorthand'] === true
  if (declarations.test(parent.type)) return key === 'id' || key === 'params' || key === 'param'
  return /Pattern$|^RestElement$/u.test(parent.type) && key !== 'right'
}

/** The name of a property or of an attribute: nothing is looked up by it. */
function isOnlyName(parent: SyntaxNode, key: string): boolean {
  if (parent.type === 'JSXAttribute') return key === 'name'
  if (parent.type.endsWith('MemberExpression')) return key === 'property' && parent['computed'] !== true
  if (parent.type === 'TSQualifiedName') return key === 'right'
  const isKeyed = /^(Object(Property|Method)|Class(Method|Property)|TS(Property|Method)Signature)$/u.test(
    parent.type,
  )
  return isKeyed && key === 'key' && parent['computed'] !== true && parent['shorthand'] !== true
}
