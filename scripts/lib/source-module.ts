import { builtinModules } from 'node:module'
import { relative } from 'node:path'
import { findCasts, type Problem } from './casts.ts'
import { dynamicImport, parseFile, type SyntaxNode, textOf, visit } from './syntax-tree.ts'

/** Something that a file imports, statically or not. */
export interface Import {
  specifier: string
  line: number
  /** What it takes by name. */
  names: readonly string[]
}

/** What rules about imports ask of a file. */
export interface SourceModule {
  imports: readonly Import[]
  /** Lines that hand on what another file exports. */
  reExports: readonly number[]
  /** Lines that hand on all of it. */
  wildcards: readonly number[]
  casts: readonly Problem[]
}

const ALIAS = /^[~#]\/|^virtual:|^\./

export function readModule(root: string, file: string): SourceModule {
  const { text, program } = parseFile(file)
  const imports: Import[] = []
  const reExports: number[] = []
  const wildcards: number[] = []
  const nodes: SyntaxNode[] = []
  for (const node of program.body ?? []) {
    const line = node.loc.start.line
    const specifier = textOf(node.source)
    if (specifier === undefined) continue
    imports.push({
      specifier,
      line,
      names: (node.specifiers ?? []).map(({ imported }) => imported?.name ?? ''),
    })
    if (node.type === 'ExportAllDeclaration') wildcards.push(line)
    if (node.type === 'ExportNamedDeclaration') reExports.push(line)
  }
  visit(program, (node) => {
    nodes.push(node)
    const specifier =
      node.type === 'TSImportType' ? textOf(node.source ?? node.argument) : dynamicImport(node)
    if (specifier !== undefined) imports.push({ specifier, line: node.loc.start.line, names: [] })
  })
  return { imports, reExports, wildcards, casts: findCasts(relative(root, file), text, nodes) }
}

/** The package that is meant, or `null` for a file, an alias and what Node has. */
export function packageOf(specifier: string): string | null {
  if (ALIAS.test(specifier) || specifier.startsWith('node:') || builtinModules.includes(specifier))
    return null
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
