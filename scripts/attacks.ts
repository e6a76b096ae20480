// Writes the last column of docs/security/attacks.md from the titles of the tests, or (--check) fails when it is not
// current, a row has no test, or a test carries an id without a row. A title carries an id when the id stands in it as a word.
import { readFileSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'

const listPath = 'docs/security/attacks.md'
const isTestFile = /\.(test|spec)\.tsx?$/
const roots = ['packages', 'generators/src', 'generators/template/tests', 'e2e', 'scripts']

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...roots],
  { encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => isTestFile.test(file))
  .toSorted()

const testsById = new Map<string, Set<string>>()
for (const file of files) {
  for (const [, title] of readFileSync(file, 'utf8').matchAll(
    /(?:\b(?:it|test|describe)(?:\.\w+)*|\))\(\s*[`'"]([^\n]*)/g,
  )) {
    for (const [id] of (title ?? '').matchAll(
      /\b(?:ENUM|CSRF|SESS|RD|HOST|TOK|PRE|EML|PWD|MFA|TB|PK|SUDO|RL|INJ|HDR|CFG|MAIL|AUD|RR|LIF|DEL|EXP|OA)-\d\d\b/g,
    )) {
      testsById.set(id, (testsById.get(id) ?? new Set()).add(file))
    }
  }
}

const before = readFileSync(listPath, 'utf8')
const missing: string[] = []
const known = new Set<string>()
const after = before
  .split('\n')
  .map((line) => {
    const [, id] = /^\| ([A-Z]+-\d\d) \|/.exec(line) ?? []
    if (id === undefined) return line
    known.add(id)
    const cells = line.split(' | ')
    const tests = [...(testsById.get(id) ?? [])]
    if (tests.length === 0) missing.push(id)
    return [
      ...cells.slice(0, 3),
      tests.length === 0 ? '|' : `${tests.map((test) => `\`${test}\``).join('<br>')} |`,
    ].join(' | ')
  })
  .join('\n')

const unknown = [...testsById.keys()].filter((id) => !known.has(id)).toSorted()

if (process.argv.includes('--check')) {
  if (unknown.length > 0)
    console.error(`Tests carry ids that ${listPath} has no row for: ${unknown.join(', ')}`)
  if (missing.length > 0) console.error(`No test carries these ids of ${listPath}: ${missing.join(', ')}`)
  if (after !== before) console.error(`${listPath} does not name the current tests: run \`npm run attacks\`.`)
  process.exitCode = missing.length > 0 || unknown.length > 0 || after !== before ? 1 : 0
} else {
  writeFileSync(listPath, after)
  console.log(`${testsById.size} ids have tests; without: ${missing.join(', ') || 'none'}`)
}
