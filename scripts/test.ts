// npm test: everything there is to prove, as steps side by side, with a summary at the end.
import { rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from './lib/failure.ts'
import { ensureBrowser } from './lib/browser.ts'
import { buildAndPack, makeTemporaryFolder } from './lib/packed.ts'
import { lastLines, run, stopOnSignals } from './lib/run.ts'
import { complain, say } from './lib/say.ts'
import { ensureInstalled, root } from './lib/workspace.ts'
import { type Step, steps } from './test-steps.ts'

const HELP = `npm test -- [--only <step,step>] [--all] [--list]

  --only  Run these steps only
  --all   Run the longer ones too, as npm run test:all does
  --list  Name the steps`
/** What all steps of a run share. */
interface Context {
  scratch: string
  env: NodeJS.ProcessEnv
  /** Ends when what several steps need is made. */
  prepared: Promise<void>
  /** What could not be made, and why. */
  missing: Map<'packed' | 'browser', string>
}

interface Result {
  name: string
  state: 'passed' | 'failed'
  seconds: number
  output: string
  /** The file with all of the output. */
  log?: string
}

const SHOWN_LINES = 120
const HANGS_AFTER_MINUTES = 75 // at a load of 12 a step takes six times what it takes on an idle machine
const MOST_CORES = 2 // more would only make the tests that measure time less sure

stopOnSignals()
process.exitCode = await main().catch((error: unknown) => {
  complain(messageOf(error))
  say('0 passed, 1 failed')
  return 1
})

async function main(): Promise<number> {
  const chosen = chooseSteps()
  if (typeof chosen === 'number') return chosen

  const startedAt = Date.now()
  await ensureInstalled(say)
  const scratch = await makeTemporaryFolder('sigra-test-')
  // Hundreds of processes load the same packages: each of these is compiled once.
  const compiled = { NODE_COMPILE_CACHE: join(scratch, 'compiled') }
  const env = { ...process.env, ...compiled, CI: 'true', NO_COLOR: '1' }
  const toPrepare = { scratch, env, missing: new Map() }
  const context: Context = { ...toPrepare, prepared: prepare(chosen, toPrepare) }
  const results = await runSideBySide(chosen, context)
  printSummary(results, startedAt)

  const failed = results.filter(({ state }) => state === 'failed').length
  if (failed === 0) await rm(scratch, { recursive: true, force: true })
  say(`${results.filter(({ state }) => state === 'passed').length} passed, ${failed} failed`)
  return failed > 0 ? 1 : 0
}

function chooseSteps(): Step[] | number {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        all: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help) say(HELP)
    const width = Math.max(...steps.map(({ name }) => name.length))
    if (values.list) for (const { name, what } of steps) say(`${name.padEnd(width)}  ${what}`)
    if (values.help || values.list) return 0

    const names = values.only?.split(',').map((name) => name.trim())
    const unknown = names?.find((name) => steps.every((step) => step.name !== name))
    if (unknown === undefined)
      return steps.filter(({ name, longer }) => names?.includes(name) ?? (values.all || !longer))
    complain(`There is no step "${unknown}". There are: ${steps.map(({ name }) => name).join(', ')}`)
  } catch (error) {
    complain(`${messageOf(error)}\n\n${HELP}`)
  }
  return 2
}

/** What several steps need is made once; what cannot be made is the failure of each step that needs it. */
async function prepare(
  chosen: readonly Step[],
  context: Pick<Context, 'scratch' | 'env' | 'missing'>,
): Promise<void> {
  if (chosen.some(({ packed }) => packed)) {
    const folder = join(context.scratch, 'packages')
    await buildAndPack(folder, say).catch((error: unknown) => context.missing.set('packed', messageOf(error)))
    context.env.SIGRA_PACKED = folder
  }
  if (chosen.some(({ browser }) => browser)) {
    const problem = await ensureBrowser(say).catch(messageOf)
    if (problem) context.missing.set('browser', problem)
  }
}

async function runSideBySide(chosen: readonly Step[], context: Context): Promise<Result[]> {
  const capacity = Math.min(MOST_CORES, availableParallelism())
  const waiting = [...chosen]
  const running = new Set<Promise<void>>()
  const results: Result[] = []
  let free = capacity
  let isOutsideFree = true
  const fits = ({ outside, cores = 1 }: Step) => (outside ? isOutsideFree : Math.min(cores, capacity) <= free)
  while (waiting.length > 0 || running.size > 0) {
    const index = waiting.findIndex(fits)
    if (index === -1) {
      await Promise.race(running)
      continue
    }
    const [step] = waiting.splice(index, 1)
    if (step === undefined) break
    const cores = step.outside ? 0 : Math.min(step.cores ?? 1, capacity)
    free -= cores
    if (step.outside) isOutsideFree = false
    const work = runStep(step, context).then((result) => {
      results.push(result)
      report(result)
      running.delete(work)
      free += cores
      if (step.outside) isOutsideFree = true
    })
    running.add(work)
  }
  const place = (result: Result) => chosen.findIndex(({ name }) => name === result.name)
  return results.toSorted((one, other) => place(one) - place(other))
}

async function runStep(step: Step, { env, prepared, missing, scratch }: Context): Promise<Result> {
  const { name, run: command } = step
  if (!step.early) await prepared
  for (const need of ['packed', 'browser'] as const) {
    const problem = step[need] ? missing.get(need) : undefined
    if (problem !== undefined) return { name, state: 'failed', seconds: 0, output: problem }
  }
  say(`…  ${name}`)
  const startedAt = Date.now()
  const [file, ...args] = command
  const { code, output } = await run(file, args, { cwd: root, env, timeoutMinutes: HANGS_AFTER_MINUTES })
  await writeFile(join(scratch, `${name}.log`), output)
  return {
    name,
    state: code === 0 ? 'passed' : 'failed',
    seconds: (Date.now() - startedAt) / 1000,
    output,
    log: join(scratch, `${name}.log`),
  }
}

function report({ name, state, seconds, output, log }: Result): void {
  say(`${state === 'failed' ? '✗' : '✓'}  ${name} ${state} in ${seconds.toFixed(1)} s`)
  if (state !== 'failed') return
  say(lastLines(output, SHOWN_LINES))
  if (log) say(`All of it: ${log}`)
}

function printSummary(results: readonly Result[], startedAt: number): void {
  const width = Math.max(...results.map(({ name }) => name.length))
  say()
  say('Summary')
  for (const { name, state, seconds, output } of results) {
    say(`  ${name.padEnd(width)}  ${state.padEnd(7)}  ${seconds.toFixed(1).padStart(6)} s`)
    // What a step could not do on this machine it says in a line of its own, with the reason.
    for (const [, reason] of output.matchAll(/^skipped: (.*)$/gm))
      say(`  ${' '.repeat(width)}  skipped: ${reason}`)
  }
  say(
    `  ${'total'.padEnd(width)}  ${' '.repeat(7)}  ${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s`,
  )
  say()
}
