// Writes what `npm run bench` measured into the guide: the table between `<!-- measured -->` and `<!-- /measured -->`.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './workspace.ts'

const GUIDE = join(root, 'docs/performance.md')
const RESULTS = join(root, 'e2e/bench/results/latest.json')
const PLACE = /(<!-- measured -->\n)[^]*(\n<!-- \/measured -->)/

interface Outcome {
  name: string
  unit: string
  floor: { name: string; value: number }
  subject: { name: string; value: number }
  ratio: number
  bar: { atLeast: number } | { atMost: number }
  isGood: boolean
}

interface Results {
  takenAt: string
  machine: { cores: number; node: string }
  outcomes: readonly Outcome[]
}

/** Wins and losses alike. Only a run of every benchmark is worth writing down. @returns The path of the guide. */
export async function writeMeasured(): Promise<string> {
  const { format, resolveConfig } = await import('prettier') // installed by the time there is something to write
  const { takenAt, machine, outcomes }: Results = JSON.parse(await readFile(RESULTS, 'utf8'))
  const guide = await readFile(GUIDE, 'utf8')
  if (!PLACE.test(guide)) throw new Error('docs/performance.md has no place for what was measured')
  const when = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
  const where = `Measured in ${when.format(new Date(takenAt))} on ${machine.cores} cores with Node ${machine.node}, PostgreSQL on the same machine: server, database, load and measurement share them.`
  const table = [
    '| What | Floor | | Measured | | Ratio | Bar | |',
    '| --- | --- | ---: | --- | ---: | ---: | --- | --- |',
    ...outcomes.map(toRow),
  ].join('\n')
  const text = guide.replace(
    PLACE,
    (_, start: string, end: string) => `${start}\n${where}\n\n${table}\n${end}`,
  )
  const options = await resolveConfig(GUIDE)
  await writeFile(GUIDE, await format(text, { ...options, filepath: GUIDE }))
  return GUIDE
}

function toRow({ name, unit, floor, subject, ratio, bar, isGood }: Outcome): string {
  const cells = [
    name.charAt(0).toUpperCase() + name.slice(1),
    floor.name,
    value(floor.value, unit),
    subject.name,
    value(subject.value, unit),
    ratio >= 10 ? ratio.toFixed(0) : ratio.toPrecision(2),
    'atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`,
    isGood ? 'good' : 'missed',
  ]
  return `| ${cells.join(' | ')} |`
}

function value(number: number, unit: string): string {
  const text = number >= 100 ? number.toFixed(0) : number.toPrecision(3)
  return unit === '/s' ? `${text}/s` : `${text} ${unit}`
}
