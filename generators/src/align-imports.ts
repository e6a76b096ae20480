import { isNode, parseModule, type Statement, type SyntaxNode } from './syntax.ts'

interface Import {
  text: string
  source: string
  /** It imports no name, and is there for what it does: its place means something. */
  isBare: boolean
  hasComment: boolean
  /** Its lines: the first, and the one after the last. */
  from: number
  to: number
}

interface Module {
  lines: string[]
  imports: Import[]
}

/**
 * Takes what a new version did to the imports of a module over into a text, whatever order its imports are in: what
 * went is taken out, what came goes before the import that it stands before in `target`. Formatted texts, LF.
 *
 * @returns The text with the imports of `target` that `base` lacks, without those that `target` lacks; `null` when that
 *   might undo what its owner did: an import they changed or took out, a comment above one, imports that are there for
 *   their effect, or a text that does not parse or has something else on the line of an import.
 */
export function alignImports(path: string, text: string, base: string, target: string): string | null {
  const [module, before, now] = [text, base, target].map((source) => readImports(source, path))
  if (!module || !before || !now) return null
  const gone = without(before.imports, now.imports)
  const come = without(now.imports, before.imports)
  const missing = without(gone, module.imports)
  const isOwners = come.some(({ source }) => missing.some((entry) => entry.source === source))
  if (isOwners || [...gone, ...come].some(({ isBare }) => isBare)) return null

  const removed = module.imports.filter(({ text: line }) => gone.some((entry) => entry.text === line))
  const kept = without(module.imports, removed)
  const places = come
    .filter((entry) => !kept.some(({ text: line }) => line === entry.text))
    .map((entry) => {
      return { line: entry.text, next: findNext(entry, now.imports, kept) }
    })
  const touched = [...removed, ...places.map(({ next }) => next)]
  if (touched.some((entry) => entry?.hasComment) || (places.length > 0 && kept.length === 0)) return null

  const end = kept.at(-1)?.to ?? 0
  return module.lines
    .flatMap((line, index) => {
      const added = places.filter(({ next }) => (next?.from ?? end) === index).map((place) => place.line)
      const isRemoved = removed.some(({ from, to }) => from <= index && index < to)
      return isRemoved ? added : [...added, line]
    })
    .join('\n')
}

/** The import that stands after `entry` in the order of `all`, of those that a text kept. */
function findNext(entry: Import, all: readonly Import[], kept: readonly Import[]): Import | undefined {
  for (const { text } of all.slice(all.indexOf(entry) + 1)) {
    const next = kept.find((candidate) => candidate.text === text)
    if (next) return next
  }
  return undefined
}

function without(imports: readonly Import[], others: readonly Import[]): Import[] {
  const texts = new Set(others.map(({ text }) => text))
  return imports.filter(({ text }) => !texts.has(text))
}

function readImports(text: string, path: string): Module | null {
  const file = parseModule(text, path)
  if (file === null) return null
  const lines = text.split('\n')
  const imports: Import[] = []
  for (const statement of file.program.body) {
    if (statement.type !== 'ImportDeclaration' || !isNode(statement)) continue
    const found = readImport(text, statement)
    if (lines.slice(found.from, found.to).join('\n') !== found.text) return null
    imports.push(found)
  }
  return { lines, imports }
}

function readImport(text: string, statement: Statement & SyntaxNode & { type: 'ImportDeclaration' }): Import {
  return {
    text: text.slice(statement.start, statement.end),
    source: statement.source.value,
    isBare: statement.specifiers.length === 0,
    hasComment: (statement.leadingComments ?? []).length > 0,
    from: lineOf(text, statement.start),
    to: lineOf(text, statement.end) + 1,
  }
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length - 1
}
