import {
  createState,
  formatIntent,
  isOptionalFeature,
  optionalFeatures,
  readProject,
  refuseNeeded,
  type OptionalFeature,
  type Project,
} from '@sigra/generators'
import { EXIT, type ExitCode } from '@sigra/generators/command-line'
import { askLine, canAsk } from '../cli/ask-line.ts'
import { CommandFailed } from '../cli/command-failed.ts'
import { printLine } from '../cli/print.ts'
import { applyTransition, finishInterrupted, type ApplyOptions } from './apply-intent.ts'

export interface RemoveOptions extends ApplyOptions {
  /** Let go of its tables too: the feature's name, typed. `''`: asked for; `undefined`: they stay. */
  purge?: string | undefined
}

/** `sigra add oauth google`: switches a feature on, or more of it, and makes the migration for its tables. */
export async function addFeature(
  root: string,
  [word = '', ...values]: readonly string[],
  options: ApplyOptions,
): Promise<ExitCode> {
  const feature = parseFeature(word)
  await finishInterrupted(root, options)
  const project = await readSettledProject(root)
  const { state } = project.lock
  const former = state.values[feature] ?? []
  const isThere = values.every((value) => former.includes(value))
  if (state.features.includes(feature) && isThere) return nothingToDo(`this app has ${feature} already.`)
  const to = createState({
    ...state,
    features: [...state.features, feature],
    values: values.length === 0 ? state.values : { ...state.values, [feature]: [...former, ...values] },
    retired: state.retired.filter((name) => name !== feature),
  })
  return applyTransition(project, options, { to })
}

/** `sigra remove`: takes a feature out. Its tables stay, unless they are purged: then a migration drops them. */
export async function removeFeature(
  root: string,
  word: string,
  { purge, ...options }: RemoveOptions,
): Promise<ExitCode> {
  const feature = parseFeature(word)
  await finishInterrupted(root, options)
  const project = await readSettledProject(root)
  const { state } = project.lock
  const isRetired = state.retired.includes(feature)
  if (!isRetired && !state.features.includes(feature)) {
    return nothingToDo(`this app has no ${feature}.`)
  }
  if (isRetired && purge === undefined) {
    return nothingToDo(
      `${feature} were removed already. Their tables stay until you run sigra remove ${feature} --purge.`,
    )
  }
  refuseNeeded(state, feature)
  if (purge !== undefined && options.dryRun !== true) await requireTyped(feature, purge)
  const to = createState({
    ...state,
    features: state.features.filter((name) => name !== feature),
    values: Object.fromEntries(Object.entries(state.values).filter(([name]) => name !== feature)),
    retired: state.retired.filter((name) => name !== feature),
  })
  return applyTransition(project, options, { to, purge: purge !== undefined })
}

function parseFeature(word: string): OptionalFeature {
  if (isOptionalFeature(word)) return word
  const known = optionalFeatures.map(({ name }) => name).join(', ')
  throw new CommandFailed(EXIT.usage, `"${word}" is no feature; it is one of ${known}.`)
}

/** One transition at a time: what was edited into `sigra.json` is applied by `sigra apply`, and seen on its own. */
async function readSettledProject(root: string): Promise<Project> {
  const project = await readProject(root)
  if (
    formatIntent(project.intent) === formatIntent({ ...project.lock.state, version: project.intent.version })
  ) {
    return project
  }
  throw new CommandFailed(
    EXIT.precondition,
    'sigra.json has changes that are not applied yet. Run sigra apply first, or undo those changes.',
  )
}

/** What is typed cannot be typed by accident. */
async function requireTyped(feature: OptionalFeature, given: string): Promise<void> {
  const isAsking = given === '' && canAsk()
  const question = `The next migration will drop what people stored for ${feature}. Type ${feature} to go on: `
  const typed = isAsking ? await askLine(question) : given
  if (typed === feature) return
  throw new CommandFailed(
    isAsking ? EXIT.cancelled : EXIT.usage,
    isAsking
      ? 'That is not its name. Nothing was written.'
      : `To drop what people stored, name the feature: --purge=${feature}`,
  )
}

function nothingToDo(sentence: string): ExitCode {
  printLine(`Nothing to do: ${sentence}`)
  return EXIT.done
}
