// Run by `npm run docs:tables`. A table stands between `<!-- table: name -->` and `<!-- /table -->`.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { optionTable } from '../../packages/create-sigra-remix/src/options.ts'
import { exitCodeMeanings } from '../../generators/src/command-line/index.ts'
import { hostEdits } from '../../generators/src/edits/host-edits.ts'
import { createState, generatorVersion, guardMeanings, render } from '../../generators/src/index.ts'
import {
  auditActions,
  flowMeanings,
  knownViews,
  listPasskeysPolicy,
  listPolicy,
  type PolicyEntry,
} from '../../packages/mikro-orm/src/index.ts'

/** What an install changes in a file of the host. A file that is edited and has no words here stops this script. */
const editWords: Readonly<Record<string, string>> = {
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

type Rows = readonly (readonly string[])[]

function policyRow({ name, default: standard, allowed }: PolicyEntry): readonly string[] {
  return [`\`${name}\``, `\`${typeof standard === 'object' ? JSON.stringify(standard) : standard}\``, allowed]
}

const tables: Readonly<Record<string, () => Rows>> = {
  policy: () => [['Setting', 'Default', 'May be'], ...listPolicy().map(policyRow)],
  'passkeys-policy': () => [['Setting', 'Default', 'May be'], ...listPasskeysPolicy().map(policyRow)],
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
  activity: () => [['Shown', 'Actions'], ...groupByView(knownViews)],
  'host-edits': () => [['File', 'Edit'], ...readHostEdits()],
}
const guides = globSync('docs/*.md')

const stale: string[] = []
for (const guide of guides) {
  const before = readFileSync(guide, 'utf8')
  const filled = before.replaceAll(
    /(<!-- table: ([\w-]+) -->\n)[^]*?(<!-- \/table -->)/g,
    (_, open: string, name: string, close: string) => {
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

function groupByArea(actions: readonly string[]): Rows {
  const areas = Map.groupBy(actions, (action) => action.slice(0, action.indexOf('.')))
  return [...areas].map(([area, names]) => [area, names.map((name) => `\`${name}\``).join(', ')])
}

function groupByView(views: Readonly<Record<string, string>>): Rows {
  const words: Readonly<Record<string, string>> = {
    disputable: "with the button “I don't recognize this”, where it was done",
    shown: 'without it',
    hidden: 'not at all',
  }
  const named = Object.entries(words).map(([view, word]): [string, string[]] => [
    word,
    Object.keys(views).filter((action) => views[action] === view),
  ])
  return named.map(([word, names]) => [word, names.map((name) => `\`${name}\``).join(', ')])
}

function readHostEdits(): Rows {
  const state = createState({ version: generatorVersion, appName: 'App' })
  const edits = hostEdits({
    state,
    rendered: render(state),
    before: null,
    hasOwnDatabase: true,
    isInWorkspace: false,
  })
  const paths = [...new Set(edits.map(({ paths: [path = ''] }) => path))]
  const unknown = [
    ...paths.filter((path) => !Object.hasOwn(editWords, path)),
    ...Object.keys(editWords).filter((path) => !paths.includes(path)),
  ]
  if (unknown.length > 0) throw new Error(`The edits of ${unknown.join(', ')} and this script do not agree.`)
  return paths.map((path) => [`\`${path}\``, editWords[path] ?? ''])
}

/** Every key that generated code reads has a place in the guide. */
function checkKeysAreNamed(guide: string): void {
  const text = readFileSync(guide, 'utf8')
  const files = globSync('generators/template/{*.ts,app/**/*.{ts,tsx}}')
  const keys = files.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/process\.env(?:\.|\[')([A-Z0-9_]+)/g),
  ])
  const missing = new Set(keys.map(([, key = '']) => key).filter((key) => !text.includes(`\`${key}\``)))
  missing.delete('E2E_PORT') // of the app's own browser tests
  if (missing.size > 0) throw new Error(`${guide} does not name ${[...missing].join(', ')}.`)
}

/**
 * Comment lines above a key are its meaning; “Required in production …” becomes the column of its own; what stands
 * behind `=` is the example.
 */
function readEnvironment(file: string): Rows {
  const rows: string[][] = []
  let comment: string[] = []
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, key, example] = /^#?\s?([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? []
    if (key !== undefined) {
      rows.push([`\`${key}\``, ...splitMeaning(comment.join(' ')), example ? `\`${example}\`` : ''])
      comment = []
    } else if (line.startsWith('# ') && !line.startsWith('# sigra:')) comment.push(line.slice(2))
    else if (line.trim() === '') comment = []
  }
  return rows
}

function splitMeaning(comment: string): [meaning: string, production: string] {
  const sentence = / ?\b(Required|Recommended) in production([^.]*)\./.exec(comment)
  if (sentence === null) return [comment, '–']
  const [whole, word = '', rest = ''] = sentence
  return [comment.replace(whole, ''), `${word.toLowerCase()}${rest}`]
}

function toMarkdown([head = [], ...rows]: Rows): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
