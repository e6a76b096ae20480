import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { State } from '../state.ts'
import { appState, codePaths, olderArchive, olderVersion, type PlanTask } from '../testing-only/plan-cost.ts'
import { createFolder } from '../testing-only/small-app.ts'
import { applyPlan } from './apply-plan.ts'
import { planTransition } from './plan-transition.ts'

// A second of processor is not the same second on every machine, nor on a busy one. The floor is measured beside each plan:
// formatting 40 files takes about 1.2 seconds of a core that does nothing else, so that these bars are 1 and 4 seconds.
const BAR_UNTOUCHED = 0.85
const BAR_EDITED = 3.4

const program = fileURLToPath(new URL('../testing-only/plan-cost.ts', import.meta.url))
const run = promisify(execFile)

const plans: [string, Partial<State>, Partial<State>][] = [
  ['that changes nothing', {}, {}],
  ['by which a feature leaves', {}, { features: ['accounts'] }],
  ['to templates that differ in every file of code', { version: olderVersion }, {}],
]

describe('the processor’s time that a plan takes', () => {
  it.each(plans)('is within its bar where nobody edited anything: one %s', async (_, from, to) => {
    const root = await createApp(from)
    expect(await costOf({ root, from, to })).toBeLessThanOrEqual(BAR_UNTOUCHED)
  })

  it.each(plans)('is within its bar where 40 files are edited: one %s', async (_, from, to) => {
    const root = await createApp(from)
    await edit(root, 40)
    expect(await costOf({ root, from, to })).toBeLessThanOrEqual(BAR_EDITED)
  })
})

async function createApp(state: Partial<State>): Promise<string> {
  const root = join(await createFolder(), 'app')
  await applyPlan(await planTransition({ root, from: null, to: appState(state), archive: olderArchive }))
  return root
}

/** Adds a line to files of code all over the app, above their last one. */
async function edit(root: string, count: number): Promise<void> {
  const paths = codePaths()
  const edited = paths.filter((_, index) => index % Math.floor(paths.length / count) === 0).slice(0, count)
  expect(edited).toHaveLength(count)
  for (const path of edited) {
    const lines = (await readFile(join(root, path), 'utf8')).split('\n')
    const end = lines.lastIndexOf('}') + 1
    await writeFile(join(root, path), lines.toSpliced(end, 0, 'export const mine = 1').join('\n'))
  }
}

/** As a multiple of the floor. The lesser of two: what else a machine does makes a run dearer, never cheaper. */
async function costOf(task: PlanTask): Promise<number> {
  const [floors, seconds]: [number[], number[]] = [[], []]
  for (let index = 0; index < 2; index += 1) {
    floors.push(await secondsOf())
    seconds.push(await secondsOf(JSON.stringify(task)))
  }
  return Math.min(...seconds) / Math.min(...floors)
}

async function secondsOf(...task: readonly string[]): Promise<number> {
  const { stdout } = await run(process.execPath, [program, ...task])
  return Number(stdout)
}
