import { resolve } from 'node:path'
import {
  applyPlan,
  checkNewNames,
  createState,
  defaultFlags,
  describeManualEdits,
  describePlan,
  generatorVersion,
  optionalFeatures,
  planToJson,
  planTransition,
  PreconditionFailed,
  readProject,
  render,
  resumeApply,
  summarizePlan,
  type Conflict,
  type Decision,
  type Flags,
  type Plan,
  type State,
} from '@sigra/generators'
import { EXIT, type ExitCode } from '@sigra/generators/command-line'
import type { Arguments } from './arguments.ts'
import { launchedBy, repeatCommand, type Choices } from './command-line.ts'
import { createSecrets, environmentText, hasEnvironmentFile, writeEnvironment } from './environment-file.ts'
import { finishApp, type Finish } from './finish-app.ts'
import { nextSteps } from './next-steps.ts'
import { color, type Output } from './output.ts'
import { askAnswers, askDecision, assumeAnswers } from './questions.ts'
import { hasUncommittedChanges } from './repository.ts'
import { findTarget, type Target } from './target.ts'

/**
 * Makes an app, or installs into one: one plan, applied in one step, then `.env`, dependencies and a repository.
 *
 * @returns The exit code.
 * @throws {GeneratorError} one sentence about what stands in the way.
 * @throws {Cancelled}
 */
export async function createApp(given: Arguments, output: Output): Promise<ExitCode> {
  const isAsking = canAsk(given)
  const answers = isAsking ? await askAnswers(given) : assumeAnswers(given)
  const cwd = resolve(given.cwd ?? '.')
  const flags: Flags = { ...defaultFlags, pm: launchedBy(), ...answers.flags }
  const root = resolve(cwd, answers.directory)
  const resumed = given.dryRun ? null : await resumeApply(root)
  if (resumed) output.step('Finished what an interrupted run had begun')

  const target = resumed ? await resumedTarget(root) : await findTarget(answers.directory, cwd)
  const isNew = target.app === 'created'
  const state = createState({
    version: generatorVersion,
    ...target,
    features: answers.features,
    values: answers.values,
    names: answers.names,
    flags,
  })
  if (!resumed) checkNewNames(state.names)
  const choices: Choices = {
    ...answers,
    flags,
    git: given.git ?? isNew,
    cwd: given.cwd,
  }
  if (!isNew && !given.dryRun) await refuseDirtyTree(root)
  output.say(describeChoices(choices, target, given.dryRun))

  const plan = resumed ? await doneAlready(root) : await makePlan(state, target, isAsking)
  if (given.dryRun) return showPlan(plan, choices, output)

  await applyPlan(plan)
  if (!resumed) output.step(summarizePlan(plan))
  const hasEnvironment = await writeEnvironment(root, environmentText(exampleOf(plan.to), createSecrets()))
  if (hasEnvironment) output.step('Wrote .env with fresh secrets; git ignores it')
  for (const line of [...describeKept(plan), ...describeManualEdits(plan), ...plan.notes]) output.say(line)

  const finish = await finishApp(root, { ...choices, isNew }, output)
  return report({ plan, choices, target, finish, hasEnvironment }, output)
}

interface Run {
  plan: Plan
  choices: Choices
  target: Target
  finish: Finish
  hasEnvironment: boolean
}

function report({ plan, choices, target, finish, hasEnvironment }: Run, output: Output): ExitCode {
  const command = repeatCommand(choices)
  const waiting = plan.merges.map(({ path }) => path)
  const steps = nextSteps({ choices, target, finish, hasEnvironment, waiting, ...byHand(plan) })
  const problem =
    finish.problem ?? (waiting.length === 0 ? null : 'files with conflict markers wait for you.')
  output.document({
    ok: problem === null,
    dryRun: false,
    command,
    env: hasEnvironment ? 'created' : 'kept',
    installed: finish.isInstalled,
    repository: finish.repository,
    ...(problem === null ? {} : { message: problem }),
    next: steps,
    plan: planToJson(plan),
  })
  output.say(`\n${problem === null ? color('green', 'Done.') : `Not finished: ${problem}`} Next:\n`)
  for (const step of steps) output.say(`  ${step}`)
  output.say(`\nThe same again: ${command}`)
  if (finish.problem !== null) return EXIT.failed
  return problem === null ? EXIT.done : EXIT.conflicts
}

async function showPlan(plan: Plan, choices: Choices, output: Output): Promise<ExitCode> {
  const isRefused = plan.conflicts.length > 0
  const command = repeatCommand(choices)
  const env = (await hasEnvironmentFile(plan.root)) ? 'kept' : 'created'
  output.document({ ok: !isRefused, dryRun: true, command, env, plan: planToJson(plan) })
  output.say(describePlan(plan))
  output.say(environmentLines[env])
  output.say(`\nNothing was written. To do it: ${command}`)
  return isRefused ? EXIT.conflicts : EXIT.done
}

const environmentLines = {
  created: '  create        .env (with fresh secrets; yours alone, never committed)',
  kept: '  keep          .env (yours; it needs a key in SIGRA_SECRETS)',
} as const

/** Files that were there before a new app came, and that it left alone. */
function describeKept(plan: Plan): string[] {
  const kept = plan.changes.filter(({ action }) => action === 'keep').map(({ path }) => path)
  return kept.length === 0 || plan.to.app !== 'created'
    ? []
    : [`Kept yours, and did not write ours: ${kept.join(', ')}`]
}

async function makePlan(state: State, { root, app }: Target, isAsking: boolean): Promise<Plan> {
  // A new app begins beside a README and the like at most: whatever of it is there is kept.
  if (app === 'created') return planTransition({ root, from: null, to: state, decide: () => 'keep' })
  const plan = await planTransition({ root, from: null, to: state })
  if (plan.conflicts.length === 0 || !isAsking) return plan
  const decisions = new Map<string, Decision>()
  for (const conflict of plan.conflicts) decisions.set(conflict.path, await askDecision(conflict))
  const decide = ({ path }: Conflict) => decisions.get(path) ?? 'refuse'
  return planTransition({ root, from: null, to: state, decide })
}

/** After an interrupted run was finished there is nothing left to plan, only to install. */
async function doneAlready(root: string): Promise<Plan> {
  const { intent } = await readProject(root)
  return planTransition({ root, from: intent, to: intent })
}

async function resumedTarget(root: string): Promise<Target> {
  const { intent } = await readProject(root)
  return { root, app: intent.app, appName: intent.appName }
}

async function refuseDirtyTree(root: string): Promise<void> {
  if (!(await hasUncommittedChanges(root))) return
  throw new PreconditionFailed(
    'This app has changes that are not committed. Commit or stash them first, so that you can review and undo ours separately.',
  )
}

function canAsk(given: Arguments): boolean {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  return isTerminal && !given.yes && !given.json && (process.env['CI'] ?? '') === ''
}

function describeChoices({ names, flags, features }: Choices, { root, app }: Target, isDry: boolean): string {
  const what = app === 'created' ? 'A new app in' : 'Accounts for the app in'
  const parts = optionalFeatures.map(({ name }) => `${features.includes(name) ? 'with' : 'without'} ${name}`)
  const how = `${parts.join(', ')}, ids ${flags.id}, email ${flags.mail}, database ${flags.db}, ${flags.pm}`
  return `${what} ${root}${isDry ? ' (dry run)' : ''}\n${color('dim', `${names.context} ${names.entity} ${names.table}; ${how}`)}`
}

function exampleOf(state: State): string {
  return render({ ...state, app: 'created' }).get('.env.example') ?? ''
}

function byHand({ edits }: Plan): { hasManualEdits: boolean; needsMigration: boolean } {
  const ids = edits.filter(({ outcome }) => outcome === 'manual').map(({ id }) => id)
  return { hasManualEdits: ids.some((id) => id !== 'migration'), needsMigration: ids.includes('migration') }
}
