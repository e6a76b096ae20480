import { argv } from 'node:process'
import type { Archive } from '../archive.ts'
import { planTransition } from '../plan/plan-transition.ts'
import { render } from '../render.ts'
import { createState, type State } from '../state.ts'
import { isCodePath } from '../syntax.ts'
import { loadTemplate, type Template } from '../template.ts'
import { generatorVersion } from '../version.ts'

// A program that prints the seconds of processor that its one task took: a plan, or what plans are compared with.

export const olderVersion = '0.0.0-older'

export interface PlanTask {
  root: string
  from: Partial<State>
  to: Partial<State>
}

/** Everything as it is now; an older version had two lines more in every file of code. */
export const olderArchive: Archive = (version) => {
  if (version !== olderVersion) return loadTemplate()
  older ??= new Map(
    [...loadTemplate()].map(([path, text]): [string, string] => {
      const [first = '', ...rest] = text.split('\n')
      return [path, isCodePath(path) ? [first, '// Older.', ...rest, '// Older.', ''].join('\n') : text]
    }),
  )
  return older
}

let older: Template | undefined

export function appState(changes: Partial<State> = {}): State {
  return createState({ version: generatorVersion, appName: 'App', ...changes })
}

/** Files of code that people would edit. */
export function codePaths(): string[] {
  return [...render(appState()).keys()].filter((path) => isCodePath(path) && !path.startsWith('migrations/'))
}

async function planOnce({ root, from, to }: PlanTask): Promise<void> {
  const [past, state] = [appState(from), appState(to)]
  await planTransition({ root, from: past, to: state, archive: olderArchive, decide: () => 'merge' })
}

/** The floor: 40 files of the app, formatted. */
async function formatForty(): Promise<void> {
  const { format } = await import('prettier')
  const files = render(appState())
  const style = JSON.parse(files.get('.prettierrc.json') ?? '')
  for (const path of codePaths().slice(0, 40))
    await format(files.get(path) ?? '', { ...style, filepath: path })
}

const [, program, task] = argv
if (program === import.meta.filename) {
  const before = process.cpuUsage()
  if (task === undefined) await formatForty()
  else await planOnce(JSON.parse(task))
  const { user, system } = process.cpuUsage(before)
  process.stdout.write(String((user + system) / 1e6))
}
