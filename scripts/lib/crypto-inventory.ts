import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findCryptoUses } from './crypto-uses.ts'

const SOURCES = ['packages/*/src', 'generators/src', 'generators/template'].map(
  (folder) => `${folder}/**/*.{ts,tsx,js,mjs}`,
)
const LEFT_OUT =
  /\.(?:test|spec)\.|(?:^|\/)(?:node_modules|dist|build|tests|e2e|testing-only|mikro-orm\/src\/testing|\.\w[^/]*)\//
const ROW = /^\| `([^`]+)` +\| (.*?) +\| (.*?) *\|$/

/**
 * What is wrong with the table of `docs/security/crypto-inventory.md`: uses of cryptography in the sources that it does not
 * list, uses it lists that are not there, rows that do not say what for.
 */
export function findInventoryProblems(root: string, path: string): string[] {
  const found = findAllUses(root)
  const listed = new Map<string, string[]>()
  const problems: string[] = []
  for (const [, file = '', uses = '', purpose = ''] of readRows(join(root, path))) {
    if (listed.has(file)) problems.push(`has two rows for ${file}`)
    if (purpose.trim() === '') problems.push(`does not say what ${file} uses it for`)
    listed.set(
      file,
      [...uses.matchAll(/`([^`]+)`/g)].map(([, use = '']) => use),
    )
  }
  for (const [file, uses] of found)
    for (const use of uses.filter((each) => !listed.get(file)?.includes(each)))
      problems.push(`does not list ${use} in ${file}${hintFor(use)}`)
  for (const [file, uses] of listed)
    for (const use of uses.filter((each) => !found.get(file)?.includes(each)))
      problems.push(`lists ${use} in ${file}, which does not use it`)
  return problems.map((problem) => `${path} ${problem}`)
}

function readRows(file: string): RegExpExecArray[] {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => ROW.exec(line))
  return rows.filter((row) => row !== null)
}

function findAllUses(root: string): Map<string, string[]> {
  const files = globSync(SOURCES, { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !LEFT_OUT.test(file))
    .toSorted()
  const uses = files.map((file): [file: string, uses: string[]] => {
    const text = readFileSync(join(root, file), 'utf8')
    return [file, findCryptoUses(text, { jsx: file.endsWith('x') })]
  })
  return new Map(uses.filter(([, each]) => each.length > 0))
}

function hintFor(use: string): string {
  return use.endsWith('Math.random') ? ': it can be guessed, so say there why that does no harm' : ''
}
