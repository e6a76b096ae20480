// Fills the tables of the guides from the code they describe, or (--check) fails when one is not current.
// A table stands between `<!-- table: name -->` and `<!-- /table -->`. Needs a build: the packages are read from dist/.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { optionTable } from '../packages/create-sigra-remix/dist/options.js'
import { exitCodeMeanings } from '../generators/dist/command-line/index.js'
import { hostEdits } from '../generators/dist/edits/host-edits.js'
import { createState, generatorVersion, guardMeanings, render } from '../generators/dist/index.js'
import { auditActions, flowMeanings, listPolicy } from '../packages/mikro-orm/dist/index.js'

/** What an install changes in a file of the host. A file that is edited and has no words here stops this script. */
const editWords = {
  'app/routes.ts': 'one import and `...sigraRoutes()`',
  'app/root.tsx': 'one entry in `middleware`, and `nonce=""` on `<Links>`',
  'app/entry.server.tsx':
    'the Content-Security-Policy nonce, `export { sigra }` and, with in-process mail, the worker; created if you have none',
  'server.ts':
    'created; a server of your own stays as it is, and the two lines of the wrapper are printed for you',
  'mikro-orm.config.ts':
    'created; one of your own gets `...sigraEntities`, `ignoreSchema`, `ignoreTriggers`, `ignoreRoutines` and `ensureDatabase: false`, and the lines for your next migration are printed for you',
  'vite.config.ts': 'packages that Node loads instead of Vite: `ssr.external` and `optimizeDeps.exclude`',
  'tsconfig.json': 'allows imports that end in `.ts`',
  'AGENTS.md': 'gets a section; created if you have none',
  'plopfile.js': 'created; one of your own stays as it is, and what belongs in it is printed',
  'vitest.config.ts': 'as above',
  'playwright.config.ts': 'as above',
  'package.json': 'scripts and dependencies; those you have keep their version',
  '.env.example': 'keys that are missing, each with its comment',
  '.gitignore': 'lines that are missing',
}

const tables = {
  policy: () => [
    ['Setting', 'Default', 'May be'],
    ...listPolicy().map((entry) => [`\`${entry.name}\``, `\`${entry.default}\``, entry.allowed]),
  ],
  options: () => [
    ['Option', 'Default', 'Meaning'],
    ...optionTable.map(({ flag, fallback, meaning }) => [`\`${flag}\``, fallback, meaning]),
  ],
  'exit-codes': () => [
    ['Code', 'Meaning'],
    ...Object.entries(exitCodeMeanings).map(([code, meaning]) => [`\`${code}\``, meaning]),
  ],
  guards: () => [
    ['Guard', 'Who sees the page'],
    ...Object.entries(guardMeanings).map(([guard, meaning]) => [`\`${guard}\``, meaning]),
  ],
  environment: () => [
    ['Key', 'Meaning', 'Production', 'Example'],
    ...readEnvironment('generators/template/.env.example'),
  ],
  channels: () => [
    ['Channel', 'Tells the end of'],
    ...Object.entries(flowMeanings).map(([flow, meaning]) => [`\`sigra:${flow}\``, meaning]),
  ],
  'audit-actions': () => [['Area', 'Actions'], ...groupByArea(auditActions)],
  'host-edits': () => [['File', 'Edit'], ...readHostEdits()],
}
const guides = globSync('docs/*.md')

const stale = []
for (const guide of guides) {
  const before = readFileSync(guide, 'utf8')
  const filled = before.replaceAll(
    /(<!-- table: ([\w-]+) -->\n)[^]*?(<!-- \/table -->)/g,
    (_, open, name, close) => {
      const rows = tables[name]?.()
      if (rows === undefined)
        throw new Error(`${guide} names the table ${name}, which this script does not know.`)
      return `${open}\n${toMarkdown(rows)}\n\n${close}`
    },
  )
  const after = await format(filled, { ...(await resolveConfig(guide)), parser: 'markdown' })
  if (after === before) continue
  stale.push(guide)
  if (!process.argv.includes('--check')) writeFileSync(guide, after)
}

checkKeysAreNamed('docs/deployment.md')
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`Not current: ${stale.join(', ')}. Run \`npm run docs:tables\`.`)
  process.exitCode = 1
} else {
  console.log(stale.length === 0 ? 'The tables of the guides are current.' : `Written: ${stale.join(', ')}`)
}

function groupByArea(actions) {
  const areas = Map.groupBy(actions, (action) => action.slice(0, action.indexOf('.')))
  return [...areas].map(([area, names]) => [area, names.map((name) => `\`${name}\``).join(', ')])
}

function readHostEdits() {
  const state = createState({ version: generatorVersion, appName: 'App' })
  const edits = hostEdits({ state, rendered: render(state), before: null, hasOwnDatabase: true })
  const paths = [...new Set(edits.map(({ paths: [path] }) => path))]
  const unknown = [
    ...paths.filter((path) => !Object.hasOwn(editWords, path)),
    ...Object.keys(editWords).filter((path) => !paths.includes(path)),
  ]
  if (unknown.length > 0) throw new Error(`The edits of ${unknown.join(', ')} and this script do not agree.`)
  return paths.map((path) => [`\`${path}\``, editWords[path]])
}

/** Every key that generated code reads has a place in the guide. */
function checkKeysAreNamed(guide) {
  const text = readFileSync(guide, 'utf8')
  const files = globSync('generators/template/{*.ts,app/**/*.{ts,tsx}}')
  const keys = files.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/process\.env(?:\.|\[')([A-Z0-9_]+)/g),
  ])
  const missing = new Set(keys.map(([, key]) => key).filter((key) => !text.includes(`\`${key}\``)))
  missing.delete('E2E_PORT') // of the app's own browser tests
  if (missing.size > 0) throw new Error(`${guide} does not name ${[...missing].join(', ')}.`)
}

/**
 * Comment lines above a key are its meaning; “Required in production …” becomes the column of its own; what stands
 * behind `=` is the example.
 */
function readEnvironment(file) {
  const rows = []
  let comment = []
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const key = /^#?\s?([A-Z][A-Z_]+)=(.*)$/.exec(line)
    if (key !== null) {
      rows.push([`\`${key[1]}\``, ...splitMeaning(comment.join(' ')), key[2] === '' ? '' : `\`${key[2]}\``])
      comment = []
    } else if (line.startsWith('# ') && !line.startsWith('# sigra:')) comment.push(line.slice(2))
    else if (line.trim() === '') comment = []
  }
  return rows
}

function splitMeaning(comment) {
  const sentence = / ?\b(Required|Recommended) in production([^.]*)\./.exec(comment)
  if (sentence === null) return [comment, '–']
  return [comment.replace(sentence[0], ''), `${sentence[1].toLowerCase()}${sentence[2]}`]
}

function toMarkdown([head, ...rows]) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
