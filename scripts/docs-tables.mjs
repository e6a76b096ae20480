// Fills the tables of the guides from the code they describe, or (--check) fails when one is not current.
// A table stands between `<!-- table: name -->` and `<!-- /table -->`. Needs a build: the packages are read from dist/.
import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { exitCodes, optionTable } from '../packages/create-sigra-remix/dist/options.js'
import { defaultPolicy } from '../packages/mikro-orm/dist/index.js'

const tables = {
  policy: () => [['Setting', 'Default'], ...flatten(defaultPolicy, 'policy')],
  options: () => [
    ['Option', 'Default', 'Meaning'],
    ...optionTable.map(({ flag, fallback, meaning }) => [`\`${flag}\``, fallback, meaning]),
  ],
  'exit-codes': () => [
    ['Code', 'Meaning'],
    ...Object.entries(exitCodes).map(([code, meaning]) => [`\`${code}\``, meaning]),
  ],
  environment: () => [['Key', 'Meaning', 'Example'], ...readEnvironment('generators/template/.env.example')],
}
const guides = ['docs/deployment.md', 'docs/generator-options.md']

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

if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`Not current: ${stale.join(', ')}. Run \`npm run docs:tables\`.`)
  process.exitCode = 1
} else {
  console.log(stale.length === 0 ? 'The tables of the guides are current.' : `Written: ${stale.join(', ')}`)
}

function flatten(value, path) {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null
      ? flatten(inner, `${path}.${key}`)
      : [[`\`${path}.${key}\``, `\`${String(inner)}\``]],
  )
}

/** Comment lines above a key are its meaning; what stands behind `=` is the example. */
function readEnvironment(file) {
  const rows = []
  let meaning = []
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const key = /^#?\s?([A-Z][A-Z_]+)=(.*)$/.exec(line)
    if (key !== null) {
      rows.push([`\`${key[1]}\``, meaning.join(' '), key[2] === '' ? '' : `\`${key[2]}\``])
      meaning = []
    } else if (line.startsWith('# ') && !line.startsWith('# sigra:')) meaning.push(line.slice(2))
    else if (line.trim() === '') meaning = []
  }
  return rows
}

function toMarkdown([head, ...rows]) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
