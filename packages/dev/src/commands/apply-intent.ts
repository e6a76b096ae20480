import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import {
  applyPlan,
  describeDiff,
  describePlan,
  isEmptyPlan,
  planProject,
  planToJson,
  readProject,
  readStatus,
  resumeApply,
  summarizePlan,
  type Decision,
  type FileStatus,
  type Plan,
} from '@sigra/generators'
import { CommandFailed, EXIT, type ExitCode } from '../cli/command-failed.ts'
import { printLine, printProblem } from '../cli/print.ts'

export interface ApplyIntentOptions {
  dryRun?: boolean
  json?: boolean
  /** How files are settled that only their owner can decide about. @default 'refuse' */
  conflicts?: Decision
}

const STATUS_WORDS: Record<Exclude<FileStatus['status'], 'pristine'>, string> = {
  edited: 'edited',
  deleted: 'deleted',
  detached: 'yours alone',
}

/** Makes the app as `sigra.json` says. Without conflicts, or with a decision about them; else writes nothing. */
export async function applyIntent(root: string, options: ApplyIntentOptions = {}): Promise<ExitCode> {
  const { dryRun = false, json = false, conflicts = 'refuse' } = options
  const resumed = dryRun ? null : await resumeApply(root)
  if (resumed && !json) printLine(`Finished an interrupted run (${resumed.paths.length} files)`)

  const project = await readProject(root)
  const undecided = await planProject(project)
  if (conflicts === 'replace') await requireCommitted(root, undecided)
  const plan = await planProject(project, { decide: () => conflicts })
  printLine(json ? JSON.stringify(planToJson(plan), null, 2) : describePlan(plan))
  if (plan.conflicts.length > 0) return explainConflicts()
  if (dryRun || isEmptyPlan(plan)) return EXIT.done

  await applyPlan(plan)
  if (!json) printLine(summarizePlan(plan))
  if (!json && Object.keys(plan.dependencies).length > 0)
    printLine('New dependencies: run the install of your package manager')
  return conflicts === 'merge' && undecided.conflicts.length > 0 ? EXIT.conflicts : EXIT.done
}

/** Prints what `sigra apply` would change, as a unified diff. */
export async function diffIntent(root: string): Promise<ExitCode> {
  const plan = await planProject(await readProject(root))
  const diff = describeDiff(plan)
  if (diff !== '') process.stdout.write(diff)
  if (plan.conflicts.length === 0) return EXIT.done
  printProblem(plan.conflicts.map(({ path, reason }) => `CONFLICT  ${path}: ${reason}`).join('\n'))
  return EXIT.conflicts
}

/** Prints what the owner did to each generated file, and whether `sigra apply` has anything to do. */
export async function printStatus(root: string, options: { json?: boolean } = {}): Promise<ExitCode> {
  const project = await readProject(root)
  const [files, plan] = [await readStatus(project), await planProject(project)]
  if (options.json) {
    printLine(JSON.stringify({ version: project.lock.state.version, files, plan: planToJson(plan) }, null, 2))
    return EXIT.done
  }
  for (const { path, status } of files) {
    if (status !== 'pristine') printLine(`  ${STATUS_WORDS[status].padEnd(13)} ${path}`)
  }
  const untouched = files.filter(({ status }) => status === 'pristine').length
  printLine(
    `${files.length} generated files, ${untouched} as they came. Version ${project.lock.state.version}.`,
  )
  printLine(
    isEmptyPlan(plan)
      ? 'Everything is as sigra.json says.'
      : 'sigra apply has something to do; sigra diff shows it.',
  )
  return EXIT.done
}

function explainConflicts(): ExitCode {
  printProblem(
    'Nothing was written. Decide with --conflicts keep (your text stays), replace (the template wins) or merge ' +
      '(both, with markers, for you to settle).',
  )
  return EXIT.conflicts
}

/** What a decision overwrites must be in git: then nothing that somebody wrote can be lost. */
async function requireCommitted(root: string, { conflicts }: Plan): Promise<void> {
  const paths = conflicts.map(({ path }) => path)
  if (paths.length === 0) return
  const dirty = await promisify(execFile)('git', ['status', '--porcelain', '--', ...paths], {
    cwd: root,
  }).then(
    ({ stdout }) => stdout.trim(),
    () => paths.join('\n'), // not in git at all
  )
  if (dirty === '') return
  throw new CommandFailed(
    EXIT.precondition,
    `Commit these files first, so that your text can be got back:\n${dirty}`,
  )
}
