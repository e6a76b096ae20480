import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Text of every template file by its stored path, `package.json` included. */
export type Template = ReadonlyMap<string, string>

/** What installing, building or running the template app leaves behind. Never part of the template. */
const leftovers = new Set([
  'node_modules',
  'build',
  '.react-router',
  '.sigra',
  '.env',
  'test-results',
  'playwright-report',
  'package-lock.json',
])

let loaded: Template | undefined

/** The templates that ship with this version, read once: `../template` from `src/` and from `dist/` alike. */
export function loadTemplate(): Template {
  loaded ??= readTemplate(fileURLToPath(new URL('../template', import.meta.url)))
  return loaded
}

/** Reads a folder of templates; paths with `/`, in one order everywhere. */
export function readTemplate(folder: string): Template {
  const paths = listFiles(folder).map((path) => relative(folder, path).split(sep).join('/'))
  return new Map(
    paths.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8').replaceAll('\r\n', '\n')]),
  )
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (leftovers.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? listFiles(path) : [path]
  })
}
