import { isNode, parseModule, type SyntaxNode } from './syntax.ts'

/** Lines of one module, with the lines each of its imports takes. */
interface Module {
  lines: string[]
  imports: { text: string; from: number; to: number }[]
}

/**
 * Takes what a new version did to the imports of a module over into a text, whatever order its imports are in: what
 * went is taken out, what came goes before the import that it stands before in `target`. Formatted texts, LF.
 *
 * @returns The text with the imports of `target` that `base` lacks, without those that `target` lacks; `null` when one
 *   of the three does not parse, or has something else on the line of an import.
 */
export function alignImports(path: string, text: string, base: string, target: string): string | null {
  const [module, before, now] = [text, base, target].map((source) => readImports(source, path))
  if (!module || !before || !now) return null
  const had = new Set(before.imports.map((entry) => entry.text))
  const has = new Set(now.imports.map((entry) => entry.text))

  const lines: (string | null)[] = [...module.lines]
  const places = new Map<string, number>()
  for (const entry of module.imports) {
    if (had.has(entry.text) && !has.has(entry.text)) lines.fill(null, entry.from, entry.to)
    else places.set(entry.text, entry.from)
  }
  const added = new Map<number, string[]>()
  const end = module.imports.at(-1)?.to ?? 0
  for (const [index, { text: line }] of now.imports.entries()) {
    if (had.has(line) || places.has(line)) continue
    const next = now.imports.slice(index + 1).find((entry) => places.has(entry.text))
    const place = next === undefined ? end : (places.get(next.text) ?? end)
    added.set(place, [...(added.get(place) ?? []), line])
  }
  return [...lines, null]
    .flatMap((line, index) => [...(added.get(index) ?? []), ...(line === null ? [] : [line])])
    .join('\n')
}

function readImports(text: string, path: string): Module | null {
  const file = parseModule(text, path)
  if (file === null) return null
  const lines = text.split('\n')
  const imports = []
  for (const statement of file.program.body) {
    if (statement.type !== 'ImportDeclaration' || !isNode(statement)) continue
    const from = lineOf(text, statement.start)
    const to = lineOf(text, statement.end) + 1
    if (lines.slice(from, to).join('\n') !== sourceOf(text, statement)) return null
    imports.push({ text: sourceOf(text, statement), from, to })
  }
  return { lines, imports }
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length - 1
}

function sourceOf(text: string, { start, end }: SyntaxNode): string {
  return text.slice(start, end)
}
