import { findLineEnding, toLf, withLineEnding } from '../line-endings.ts'
import { readManifest } from '../package-json.ts'
import { already, changed, manual, type EditContext, type EditResult, type HostEdit } from './edit.ts'
import { setJson } from './json-edit.ts'

/**
 * What the app's package manager has to know: which install scripts are not needed, and, for Yarn, that Node looks for
 * packages in `node_modules`. A workspace has that file at its root, which is not ours to write.
 */
export function managerEdits({ state, rendered, isInWorkspace }: EditContext): HostEdit[] {
  const { pm } = state.flags
  if (pm === 'npm') return scriptEdits(rendered)
  const path = { pnpm: 'pnpm-workspace.yaml', yarn: '.yarnrc.yml', bun: null }[pm]
  const ours = path === null ? undefined : rendered.get(path)
  if (path === null || ours === undefined) return []
  return sectionsOf(ours).map(({ key, block, entries }) => ({
    paths: [path],
    id: key,
    ensure(text) {
      if (text === null && isInWorkspace) return manual('it belongs at the root of your workspace', block)
      return entries.length === 0
        ? ensureSetting(text ?? '', key, block)
        : ensureEntries(text ?? '', key, block, entries)
    },
  }))
}

function scriptEdits(rendered: ReadonlyMap<string, string>): HostEdit[] {
  const { allowScripts = {} } = readManifest(rendered.get('package.json') ?? '{}')
  return Object.keys(allowScripts).map((name) => ({
    paths: ['package.json'],
    id: `allowScripts.${name}`,
    ensure(text) {
      const snippet = `"allowScripts": { "${name}": false }`
      const isDecided = decidedScripts(text).some((key) => key === name || key.startsWith(`${name}@`))
      if (isDecided) return already
      const result = text === null ? null : setJson(text, ['allowScripts', name], false)
      return result === null ? manual('its shape is unknown', snippet) : changed(result)
    },
  }))
}

function decidedScripts(text: string | null): string[] {
  try {
    return Object.keys(readManifest(text ?? '{}').allowScripts ?? {})
  } catch {
    return [] // not valid JSON: the edit that follows says so
  }
}

interface Section {
  key: string
  /** All its lines, with the comment above. */
  block: string
  /** The lines below the key; none for a setting of one line. */
  entries: string[]
}

/** Our own files: a comment, a key, its entries, and an empty line before the next. */
function sectionsOf(text: string): Section[] {
  return toLf(text)
    .trim()
    .split('\n\n')
    .map((block) => {
      const lines = block.split('\n').filter((line) => !line.startsWith('#'))
      return { key: keyOf(lines[0] ?? ''), block, entries: lines.slice(1) }
    })
}

function ensureSetting(text: string, key: string, block: string): EditResult {
  const line = toLf(text)
    .split('\n')
    .find((candidate) => keyOf(candidate) === key)
  if (line === undefined) return append(text, block)
  return block.endsWith(line.trimEnd()) ? already : manual(`${key} says something else`, block)
}

/** Adds what is missing right below the key, indented as its first entry is. */
function ensureEntries(text: string, key: string, block: string, entries: readonly string[]): EditResult {
  const lines = toLf(text).split('\n')
  const at = lines.findIndex((line) => keyOf(line) === key)
  if (at === -1) return append(text, block)
  const rest = lines.slice(at + 1)
  const end = rest.findIndex((line) => /^[^\s#-]/u.test(line))
  const theirs = end === -1 ? rest : rest.slice(0, end)
  const missing = entries.filter((entry) => !theirs.some((line) => nameOf(line) === nameOf(entry)))
  if (missing.length === 0) return already
  const first = theirs.find((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  const isBlock = lines[at]?.trimEnd() === `${key}:` && first !== undefined
  if (!isBlock) return manual(`${key} is written in a way we do not read`, block)
  const indent = first.slice(0, first.length - first.trimStart().length)
  lines.splice(at + 1, 0, ...missing.map((entry) => indent + entry.trim()))
  return changed(withLineEnding(lines.join('\n'), findLineEnding(text)))
}

function append(text: string, block: string): EditResult {
  const body = toLf(text).trimEnd()
  const whole = `${body === '' ? '' : `${body}\n\n`}${block}\n`
  return changed(withLineEnding(whole, findLineEnding(text === '' ? '\n' : text)))
}

/** The key of a line at the left margin: `allowBuilds:` → `allowBuilds`. */
function keyOf(line: string): string {
  return /^([A-Za-z]+):/u.exec(line)?.[1] ?? ''
}

/** What an entry is about: `  'esbuild': true` and `  esbuild: false` decide about the same. */
function nameOf(line: string): string {
  const bare = line.trim().replace(/^- /u, '').replaceAll(/['"]/gu, '')
  return bare.split(': ', 1).join('').trim()
}
