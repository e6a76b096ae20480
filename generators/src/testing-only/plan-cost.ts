import { argv } from 'node:process'
import { renderArchived, type Render } from '../archive.ts'
import { planTransition } from '../plan/plan-transition.ts'
import { createState, type State } from '../state.ts'
import { isCodePath } from '../syntax.ts'
import { generatorVersion } from '../version.ts'

// A program that prints the seconds of processor that its one task took: a plan, or what plans are compared with.

export const olderVersion = '0.0.0-older'

export interface PlanTask {
  root: string
  from: Partial<State>
  to: Partial<State>
}

/** Everything as it is now; an older version had one line more at each end of every file of code. */
export const renderOlder: Render = (state) => {
  const files = renderArchived({ ...state, version: generatorVersion })
  if (state.version !== olderVersion) return files
  const older = [...files].map(([path, file]): [string, typeof file] => {
    const text = `// Older.\n${file.text}// Older.\n`
    return [path, isCodePath(path) ? { ...file, text } : file]
  })
  return new Map(older)
}

export function appState(changes: Partial<State> = {}): State {
  return createState({ version: generatorVersion, appName: 'App', ...changes })
}

/** Files of code that people would edit. */
export function codePaths(): string[] {
  return [...renderOlder(appState()).keys()].filter(
    (path) => isCodePath(path) && !path.startsWith('migrations/'),
  )
}

async function planOnce({ root, from, to }: PlanTask): Promise<void> {
  const [past, state] = [appState(from), appState(to)]
  await planTransition({ root, from: past, to: state, render: renderOlder, decide: () => 'merge' })
}

/** The floor: 40 files of the app, formatted. */
async function formatForty(): Promise<void> {
  const { format } = await import('prettier')
  const files = renderOlder(appState())
  const style = JSON.parse(files.get('.prettierrc.json')?.text ?? '')
  for (const path of codePaths().slice(0, 40))
    await format(files.get(path)?.text ?? '', { ...style, filepath: path })
}

const [, program, task] = argv
if (program === import.meta.filename) {
  const before = process.cpuUsage()
  if (task === undefined) await formatForty()
  else await planOnce(JSON.parse(task))
  const { user, system } = process.cpuUsage(before)
  process.stdout.write(String((user + system) / 1e6))
}
