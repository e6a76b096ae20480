import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import {
  applyPlan,
  describeDiff,
  describePlan,
  isEmptyPlan,
  planProject,
  planToJson,
  readMerge,
  readProject,
  readStatus,
  refuseWaitingMerge,
  resumeApply,
  summarizePlan,
  type Conflict,
  type Decision,
  type FileStatus,
  type Plan,
  type PlanProjectOptions,
  type Project,
} from '@sigra/generators'
import { EXIT, type ExitCode } from '@sigra/generators/command-line'
import { askDecision } from '../cli/ask-decision.ts'
import { canAsk } from '../cli/ask-line.ts'
import { CommandFailed } from '../cli/command-failed.ts'
import { printLine, printProblem } from '../cli/print.ts'
import { settleDatabase } from './settle-database.ts'

export interface ApplyOptions {
  dryRun?: boolean
  json?: boolean
  /** How files are settled that only their owner can decide about. @default asked, or refused where nobody can be */
  conflicts?: Decision | undefined
}

/** Where to go instead of what `sigra.json` says. */
type Target = Partial<Pick<PlanProjectOptions, 'to' | 'purge'>>

const STATUS_WORDS: Record<Exclude<FileStatus['status'], 'pristine'>, string> = {
  edited: 'edited',
  deleted: 'deleted',
  detached: 'yours alone',
}

/** Makes the app as `sigra.json` says. */
export async function applyIntent(root: string, options: ApplyOptions = {}): Promise<ExitCode> {
  await finishInterrupted(root, options)
  return applyTransition(await readProject(root), options)
}

/**
 * Takes an app from what was applied to another state: plans, shows, applies, then sees to the database's files.
 * Without conflicts, or with a decision about each; else nothing is written.
 *
 * @param target Where to go. @default what `sigra.json` says
 */
export async function applyTransition(
  project: Project,
  options: ApplyOptions,
  target: Target = {},
): Promise<ExitCode> {
  const { dryRun = false, json = false } = options
  if (!dryRun) await refuseWaitingMerge(project.root)
  const plan = await decidePlan(project, options, target)
  printLine(json ? JSON.stringify(planToJson(plan), null, 2) : describePlan(plan))
  if (plan.conflicts.length > 0) return explainConflicts()
  if (dryRun || isEmptyPlan(plan)) return EXIT.done

  await applyPlan(plan)
  const say = json ? () => undefined : printLine
  say(summarizePlan(plan))
  if (plan.merges.length > 0) return explainMerge(plan.merges)
  if (changesPackages(plan)) say(`package.json has changed: run ${plan.to.flags.pm} install`)
  return settleDatabase(plan, say)
}

/** A run that was killed is finished before anything else is planned. */
export async function finishInterrupted(root: string, { dryRun, json }: ApplyOptions): Promise<void> {
  const resumed = dryRun === true ? null : await resumeApply(root)
  if (resumed && json !== true) printLine(`Finished an interrupted run (${resumed.paths.length} files)`)
}

/** Prints what `sigra apply` would change, as a unified diff. */
export async function diffIntent(root: string): Promise<ExitCode> {
  const plan = await planProject(await readProject(root))
  const diff = await describeDiff(plan)
  if (diff !== '') process.stdout.write(diff)
  if (plan.conflicts.length === 0) return EXIT.done
  printProblem(plan.conflicts.map(({ path, reason }) => `CONFLICT  ${path}: ${reason}`).join('\n'))
  return EXIT.conflicts
}

/** Prints what the owner did to each generated file, and whether `sigra apply` has anything to do. */
export async function printStatus(root: string, options: { json?: boolean } = {}): Promise<ExitCode> {
  const project = await readProject(root)
  const [files, plan, merge] = [await readStatus(project), await planProject(project), await readMerge(root)]
  const { version } = project.lock.state
  if (options.json) {
    const waiting = merge?.paths ?? []
    printLine(JSON.stringify({ version, files, waiting, plan: planToJson(plan) }, null, 2))
    return EXIT.done
  }
  for (const { path, status } of files) {
    if (status !== 'pristine') printLine(`  ${STATUS_WORDS[status].padEnd(13)} ${path}`)
  }
  const untouched = files.filter(({ status }) => status === 'pristine').length
  printLine(`${files.length} generated files, ${untouched} unchanged. Version ${version}.`)
  printLine(
    isEmptyPlan(plan)
      ? 'The app is up to date with sigra.json.'
      : 'There are changes to apply: sigra diff shows them, sigra apply makes them.',
  )
  if (merge)
    printLine(`A merge waits for you in ${merge.paths.join(', ')}: sigra apply --continue or --abort.`)
  return EXIT.done
}

async function decidePlan(
  project: Project,
  { conflicts, dryRun = false, json = false }: ApplyOptions,
  target: Target,
): Promise<Plan> {
  const undecided = await planProject(project, target)
  const isAsking = conflicts === undefined && !json && !dryRun && canAsk()
  if (undecided.conflicts.length === 0 || (conflicts === undefined && !isAsking)) return undecided

  const decisions = new Map<string, Decision>()
  for (const conflict of undecided.conflicts) {
    decisions.set(conflict.path, conflicts ?? (await askDecision(conflict)))
  }
  const replaced = undecided.conflicts.filter(({ path }) => decisions.get(path) === 'replace')
  await requireCommitted(project.root, replaced)
  return planProject(project, { ...target, decide: ({ path }) => decisions.get(path) ?? 'refuse' })
}

function explainConflicts(): ExitCode {
  printProblem(
    'Nothing was written. Decide with --conflicts keep (your text stays), replace (the template wins) or merge ' +
      '(both, with markers, for you to settle).',
  )
  return EXIT.conflicts
}

function explainMerge(merges: readonly Conflict[]): ExitCode {
  printProblem(
    `Settle what is between the markers, then run sigra apply --continue; sigra apply --abort takes everything back.\n` +
      merges.map(({ path }) => `  ${path}`).join('\n'),
  )
  return EXIT.conflicts
}

function changesPackages({ changes }: Plan): boolean {
  return changes.some(({ path, before, after }) => path === 'package.json' && before !== after)
}

/** What a decision overwrites must be in git: then nothing that somebody wrote can be lost. */
async function requireCommitted(root: string, conflicts: readonly Conflict[]): Promise<void> {
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
    `Commit these files first, so that you can get your text back:\n${dirty}`,
  )
}
