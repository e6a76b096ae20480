import { MagicString } from 'magic-string'
import { TemplateInvalid } from './errors.ts'
import type { Renamer } from './names.ts'
import { isCodePath, isNode, parseModule, walk, type SyntaxNode } from './syntax.ts'

/**
 * Renames what the manifest lists in one rendered file: identifiers found by parsing, import paths, listed
 * strings, and code mentioned in comments and prose. Everything else keeps its bytes.
 *
 * @throws {TemplateInvalid} when a code template does not parse.
 */
export function renameText(text: string, path: string, renamer: Renamer): string {
  if (renamer.isIdentity) return text
  if (isCodePath(path)) return renameCode(text, path, renamer)
  if (path.startsWith('migrations/')) return renamer.sql(text)
  if (path.endsWith('.md')) return renamer.prose(text)
  return text
}

function renameCode(text: string, path: string, renamer: Renamer): string {
  const file = parseModule(text, path)
  if (file === null) throw new TemplateInvalid(`${path} does not parse after its directives were applied.`)

  const output = new MagicString(text)
  const done = new Set<number>()
  const replace = (node: SyntaxNode, replacement: string): void => {
    if (done.has(node.start)) return
    done.add(node.start)
    if (text.slice(node.start, node.end) !== replacement) output.overwrite(node.start, node.end, replacement)
  }

  walk(file.program, (node, parents, key) => {
    if (node.type === 'Identifier' || node.type === 'JSXIdentifier') {
      const replacement = renameIdentifier(node, parents.at(-1), key, parents, renamer)
      if (replacement !== null) replace(typeless(node), replacement)
    } else if (node.type === 'RegExpLiteral') {
      replace(node, renamer.routes(text.slice(node.start, node.end)))
    } else if (node.type === 'StringLiteral' || node.type === 'TemplateElement') {
      const source = text.slice(node.start, node.end)
      replace(node, renameString(source, path, node, parents.at(-1), key, renamer))
    }
  })
  for (const comment of file.comments ?? []) {
    if (isNode(comment)) replace(comment, renamer.prose(text.slice(comment.start, comment.end)))
  }
  return output.toString()
}

/** @returns What to write in place of the identifier, or `null` when it stays. */
function renameIdentifier(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  key: string,
  parents: readonly SyntaxNode[],
  renamer: Renamer,
): string | null {
  const name = String(node['name'])
  const renamed = renamer.identifier(name)
  if (renamed === null || parent === undefined) return renamed

  switch (parent.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return key === 'property' && parent['computed'] !== true ? null : renamed
    case 'ObjectProperty':
      if (parent['shorthand'] === true) return `${name}: ${renamed}`
      return key === 'key' && parent['computed'] !== true ? null : renamed
    case 'ImportSpecifier':
    case 'ExportSpecifier':
      return renameSpecifier(name, renamed, parent, key, parents.at(-2))
    default:
      return keyedParents.has(parent.type) && key === 'key'
        ? null
        : isNameOfProperty(parent, key)
          ? null
          : renamed
  }
}

/** Owned modules rename both sides; what a package exports keeps its name and gets an alias. */
function renameSpecifier(
  name: string,
  renamed: string,
  specifier: SyntaxNode,
  key: string,
  declaration: SyntaxNode | undefined,
): string | null {
  const source = declaration?.['source']
  const isPackage = isNode(source) && !isOwnedModule(String(source['value']))
  if (!isPackage) return renamed
  const foreignSide = specifier.type === 'ImportSpecifier' ? 'imported' : 'local'
  const ownSide = specifier.type === 'ImportSpecifier' ? 'local' : 'exported'
  const isShort = startOf(specifier[foreignSide]) === startOf(specifier[ownSide])
  if (isShort) return `${name} as ${renamed}`
  return key === foreignSide ? null : renamed
}

function renameString(
  source: string,
  path: string,
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  key: string,
  renamer: Renamer,
): string {
  const value = node.type === 'StringLiteral' ? String(node['value']) : source
  const quote = node.type === 'StringLiteral' ? source.slice(0, 1) : ''
  if (key === 'source' && parent !== undefined) {
    return isOwnedModule(value) ? quote + renamer.path(value) + quote : source
  }
  if (isFilePath(value)) return quote + renamer.path(value) + quote
  const identifier = renamer.identifier(value)
  if (identifier !== null && (value !== 'User' || path.includes('/entities/')))
    return quote + identifier + quote
  const withRoutes = renamer.routes(source)
  return holdsSql(path) ? renamer.sql(withRoutes) : withRoutes
}

const keyedParents = new Set([
  'ObjectMethod',
  'ClassMethod',
  'ClassProperty',
  'ClassAccessorProperty',
  'TSPropertySignature',
  'TSMethodSignature',
])

function isNameOfProperty(parent: SyntaxNode, key: string): boolean {
  if (parent.type === 'JSXAttribute') return key === 'name'
  if (parent.type === 'JSXMemberExpression') return key === 'property'
  if (parent.type === 'TSQualifiedName') return key === 'right'
  return false
}

/** An annotated identifier spans its annotation too; only the name is replaced. */
function typeless(node: SyntaxNode): SyntaxNode {
  return { type: node.type, start: node.start, end: node.start + String(node['name']).length }
}

function startOf(node: unknown): number {
  return isNode(node) ? node.start : -1
}

function isOwnedModule(specifier: string): boolean {
  return specifier.startsWith('.') || specifier.startsWith('~/')
}

function isFilePath(value: string): boolean {
  const isPath = /^(\.{0,2}\/)?(app\/)?accounts(\/|\.server)/u.test(value)
  return isPath || value.startsWith('~/accounts')
}

function holdsSql(path: string): boolean {
  const isDatabase =
    path.includes('/entities/') || path.startsWith('migrations/') || path === 'mikro-orm.config.ts'
  return isDatabase || path.startsWith('tests/')
}
