// npm run test:mutants: switches every control of the security design off, one at a time, in a copy of the sources, and
// lets the tests run that name it. A mutant that stays green is a control nobody would miss.
//   --only <row,row>  the rows to try
//   --named <text>    those whose name holds this; more than one may be given
//   --check           tries nothing: every switch-off still fits the sources, and docs/security/controls.md is current
//   --write           writes docs/security/controls.md
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Mutant } from './controls/control.ts'
import { controls } from './controls/index.ts'
import { copySources } from './lib/source-copy.ts'
import { makeTemporaryFolder } from './lib/packed.ts'
import { lastLines, run, stopOnSignals } from './lib/run.ts'
import { complain, say } from './lib/say.ts'
import { ensureInstalled, root } from './lib/workspace.ts'

const TABLE = 'docs/security/controls.md'
const ROWS = 24
const MINUTES = 60
/** What is switched off may make a test wait for ever: it is red soon enough for the others to run. */
const TEST_HANGS_AFTER_MS = 120_000
/** One that hangs outside of a test is ended as a whole: beside what its tests took before, thrice for a busy machine. */
const RUN_HANGS_AFTER_MS = 240_000
const PATIENCE = 3
const MINUTE_MS = 60_000
/** What PostgreSQL and V8 say of code that is none. */
const NO_CODE =
  /syntax error at or near|operator does not exist|reference ".+" is ambiguous|column \S+ does not exist|could not determine data type|ReferenceError|SyntaxError/

/** A text that is to be replaced, and how often it is there. */
type Misfit = [from: string, count: number]

interface Assertion {
  fullName: string
  status: string
  failureMessages: string[]
}

interface NumberedMutant extends Mutant {
  row: number
}

/** What vitest's report says. */
interface Report {
  testResults: { name: string; assertionResults: Assertion[]; startTime: number; endTime: number }[]
}

/** Names of the tests that failed, of those that failed because the change makes no code, and of files that did not load. */
interface Tried {
  failed: string[]
  broken: string[]
  unloaded: readonly string[]
  /** Of each of its files. */
  milliseconds: ReadonlyMap<string, number>
  isStopped: boolean
  output: string
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    named: { type: 'string', multiple: true },
    check: { type: 'boolean' },
    write: { type: 'boolean' },
  },
})
stopOnSignals()
process.exitCode = values.check || values.write ? look() : await tryAll()

/** Whether what stands in the list is still there to be switched off, and the table says so. */
function look(): number {
  const problems = findProblems()
  const table = writeTable()
  if (values.write) writeFileSync(join(root, TABLE), table)
  else if (!existsSync(join(root, TABLE)) || readFileSync(join(root, TABLE), 'utf8') !== table)
    problems.push(`${TABLE} is not current: run \`node scripts/mutants.ts --write\``)
  for (const problem of problems) complain(problem)
  return problems.length > 0 ? 1 : 0
}

function findProblems(): string[] {
  const missing = Array.from({ length: ROWS }, (_, index) => index + 1).filter((row) =>
    controls.every((control) => control.row !== row || control.mutants.length === 0),
  )
  return [
    ...missing.map((row) => `Control ${row} has no mutant`),
    ...controls.flatMap(({ mutants }) => mutants.flatMap((mutant) => problemsOf(mutant))),
  ]
}

function problemsOf({ name, file, edits, tests }: Mutant): string[] {
  const source = readFileSync(join(root, file), 'utf8')
  const { text, misfits } = switchOff(source, edits)
  return [
    ...misfits.map(([from, count]) => `"${name}": ${file} holds this ${count} times, not once: ${from}`),
    ...(text === source ? [`"${name}" changes nothing in ${file}`] : []),
    ...tests.filter((test) => !existsSync(join(root, test))).map((test) => `"${name}": there is no ${test}`),
  ]
}

/** One edit after the other, each in what the former made. */
function switchOff(source: string, edits: Mutant['edits']): { text: string; misfits: Misfit[] } {
  const misfits: Misfit[] = []
  const text = edits.reduce((before, [from, to]) => {
    const count = before.split(from).length - 1
    if (count !== 1) misfits.push([from, count])
    return before.replace(from, () => to)
  }, source)
  return { text, misfits }
}

function writeTable(): string {
  const rows = controls.flatMap(({ row, control, mutants }) =>
    mutants.map(({ name, file, tests }) => {
      const named = tests.map((test) => `\`${test}\``).join('<br>')
      return `| ${row} | ${control} | ${name} | \`${file}\` | ${named} |`
    }),
  )
  return `# Controls, and what notices when one is off

Each row is one change that switches a control off. \`npm run test:mutants\` makes it in a copy of the sources and runs the tests
named beside it: they must fail. The list is \`scripts/controls/\`; this table is written from it
(\`node scripts/mutants.ts --write\`) and compared with it by every run of the tests. The numbers are those of the fixed decisions; 22 is
the life cycle of accounts, 23 organizations.

<!-- prettier-ignore-start -->
| # | Control | Switched off | In | Goes red |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
<!-- prettier-ignore-end -->
`
}

async function tryAll(): Promise<number> {
  const problems = findProblems()
  for (const problem of problems) complain(problem)
  if (problems.length > 0) return 1
  await ensureInstalled(say)
  const mutants = chooseMutants()
  if (mutants.length === 0) {
    complain('No mutant has such a row and name: docs/security/controls.md lists them')
    return 1
  }
  const folder = await makeTemporaryFolder('sigra-mutants-')
  try {
    copySources(folder)
    await chmod(folder, 0o711) // as root, the server of the tests runs as another user
    return await tryIn(folder, mutants)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function chooseMutants(): NumberedMutant[] {
  const rows = values.only?.split(',').map(Number)
  const { named } = values
  return controls
    .filter(({ row }) => rows?.includes(row) ?? true)
    .flatMap(({ row, mutants }) => mutants.map((mutant) => ({ row, ...mutant })))
    .filter(({ name }) => named?.some((text) => name.includes(text)) ?? true)
}

async function tryIn(folder: string, mutants: readonly NumberedMutant[]): Promise<number> {
  const whole = await runTests(folder, [...new Set(mutants.flatMap(({ tests }) => tests))], MINUTES)
  if ([whole.failed, whole.broken, whole.unloaded].some((found) => found.length > 0)) {
    complain(`Before anything is switched off:\n${lastLines(whole.output, 80)}`)
    return 1
  }
  let survivors = 0
  for (const mutant of mutants) {
    const isDead = await tryMutant(folder, mutant, whole)
    if (!isDead) survivors += 1
  }
  say(`${mutants.length - survivors} of ${mutants.length} switched-off controls were noticed`)
  return survivors > 0 ? 1 : 0
}

/**
 * Dead is a mutant by which a test fails that ran, or by which a run never ends: one that does not even load, or makes no SQL, proves
 * nothing.
 */
async function tryMutant(
  folder: string,
  { row, name, file, edits, tests }: NumberedMutant,
  { milliseconds }: Pick<Tried, 'milliseconds'>,
): Promise<boolean> {
  const place = join(folder, file)
  const before = readFileSync(place, 'utf8')
  writeFileSync(place, switchOff(before, edits).text)
  const took = tests.reduce((sum, test) => sum + (milliseconds.get(test) ?? 0), 0)
  const minutes = (RUN_HANGS_AFTER_MS + PATIENCE * took) / MINUTE_MS
  const { failed, broken, output, isStopped } = await runTests(folder, tests, minutes)
  writeFileSync(place, before)
  if (isStopped) say(`✓  ${row}  ${name}: hung, and was ended after ${minutes.toFixed(1)} minutes`)
  else if (failed.length === 0)
    complain(
      `✗  ${row}  ${name}: ${broken.length > 0 ? 'makes no code' : 'nothing noticed'}\n${lastLines(output, 30)}`,
    )
  else say(`✓  ${row}  ${name}: ${failed.length} failed, first “${failed[0]}”`)
  return isStopped || failed.length > 0
}

async function runTests(folder: string, tests: readonly string[], minutes: number): Promise<Tried> {
  const report = join(folder, 'report.json')
  await rm(report, { force: true })
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=json',
    `--outputFile=${report}`,
    `--testTimeout=${TEST_HANGS_AFTER_MS}`,
    `--hookTimeout=${TEST_HANGS_AFTER_MS}`,
    ...tests,
  ]
  const temporary = join(folder, 'temporary')
  await mkdir(temporary, { recursive: true })
  const env = { ...process.env, TMPDIR: temporary }
  const { output, isStopped } = await run(process.execPath, args, {
    cwd: folder,
    env,
    timeoutMinutes: minutes,
  })
  if (isStopped) await endServers(temporary)
  if (isStopped || !existsSync(report))
    return { failed: [], broken: [], unloaded: tests, milliseconds: new Map(), isStopped, output }
  const { testResults }: Report = JSON.parse(readFileSync(report, 'utf8'))
  const red = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
  const isBroken = ({ failureMessages }: Assertion) =>
    failureMessages.some((message) => NO_CODE.test(message))
  const failed = red.filter((test) => !isBroken(test)).map(({ fullName }) => fullName)
  const broken = red.filter(isBroken).map(({ fullName }) => fullName)
  const unloaded = tests.filter((test) =>
    testResults.every(({ name, assertionResults }) => !name.endsWith(test) || assertionResults.length === 0),
  )
  const milliseconds = new Map(
    testResults.map(({ name, startTime, endTime }) => [relative(folder, name), endTime - startTime]),
  )
  return {
    failed,
    broken,
    unloaded,
    milliseconds,
    isStopped,
    output: [output, ...failed, ...broken, ...unloaded].join('\n'),
  }
}

/** PostgreSQL is in no group of what started it: one whose tests were ended is ended by its id. */
async function endServers(temporary: string): Promise<void> {
  const folders = await readdir(temporary)
  for (const file of folders.map((each) => join(temporary, each, 'data', 'postmaster.pid'))) {
    if (!existsSync(file)) continue
    const [pid = ''] = readFileSync(file, 'utf8').split('\n')
    await run('kill', ['-INT', pid])
    await waitUntilGone(file)
  }
}

async function waitUntilGone(file: string): Promise<void> {
  for (let tries = 0; existsSync(file) && tries < 200; tries += 1) await sleep(50)
}
