import { CANCEL_SYMBOL, confirm, multiselect, select, text } from '@clack/prompts'
import {
  checkNewNames,
  defaultNames,
  optionalFeatures,
  UsageInvalid,
  type Conflict,
  type Decision,
  type Feature,
  type Flags,
  type Names,
  type OptionalFeature,
  type State,
} from '@sigra/generators'
import type { Arguments } from './arguments.ts'
import { createCommand, launchedBy } from './command-line.ts'

/** Ctrl-C or Escape at a question. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

export interface Answers {
  directory: string
  names: Names
  flags: Partial<Flags>
  features: readonly Feature[]
  values: State['values']
  install: boolean
}

const defaultDirectory = 'my-app'
const defaultChoices = optionalFeatures.filter(({ isDefault }) => isDefault).map(({ name }) => name)

/** What is assumed where nobody is asked. @throws {UsageInvalid} where nothing was said at all. */
export function assumeAnswers(given: Arguments): Answers {
  if (given.directory === undefined && !given.yes) {
    throw new UsageInvalid(
      `There is no terminal to ask in: name the directory, as in ${createCommand(launchedBy())} ${defaultDirectory}, or add --yes for ${defaultDirectory}.`,
    )
  }
  return {
    directory: given.directory ?? defaultDirectory,
    names: given.names ?? defaultNames,
    flags: given.flags,
    features: chosenFeatures(given, defaultChoices),
    values: chosenValues(given),
    install: given.install ?? true,
  }
}

/** Asks for what the command line leaves open: at most five questions. @throws {Cancelled} */
export async function askAnswers(given: Arguments): Promise<Answers> {
  const directory = given.directory ?? (await askDirectory())
  const names = given.names ?? (await askNames())
  const mail = given.flags.mail ?? (await askMail())
  const id = given.flags.id ?? (await askId())
  const features = chosenFeatures(given, await askFeatures(given))
  const values = chosenValues(given)
  return {
    directory,
    names,
    flags: { ...given.flags, mail, id },
    features,
    values,
    install: given.install ?? true,
  }
}

/** Asks what happens to one file that is in the way. @throws {Cancelled} */
export async function askDecision(conflict: Conflict): Promise<Decision> {
  return answer<Decision>(
    select<Decision>({
      message: `${conflict.path}: ${conflict.reason}. What now?`,
      options: [
        { value: 'keep', label: 'Keep mine' },
        { value: 'merge', label: 'Write both, with conflict markers' },
        { value: 'replace', label: 'Replace mine' },
        { value: 'refuse', label: 'Stop, and write nothing at all' },
      ],
    }),
  )
}

/** What the command line says, and of what it leaves open what is chosen otherwise. */
function chosenFeatures({ features }: Arguments, others: readonly OptionalFeature[]): Feature[] {
  const chosen = optionalFeatures.filter(({ name }) => (features[name] ?? others.includes(name)) !== false)
  return ['accounts', ...chosen.map(({ name }) => name)]
}

function chosenValues({ features }: Arguments): State['values'] {
  return Object.fromEntries(
    Object.entries(features).flatMap(([name, chosen]) => (Array.isArray(chosen) ? [[name, chosen]] : [])),
  )
}

/** One question, however many features are left open. */
async function askFeatures({ features }: Arguments): Promise<OptionalFeature[]> {
  const open = optionalFeatures.filter(({ name }) => features[name] === undefined)
  const [first, second] = open
  if (first === undefined) return []
  if (second === undefined) return (await answer(confirm({ message: first.question }))) ? [first.name] : []
  return answer(
    multiselect<OptionalFeature>({
      message: 'What should your app have?',
      options: open.map(({ name, summary }) => ({ value: name, label: name, hint: summary })),
      initialValues: defaultChoices,
      required: false,
    }),
  )
}

function askDirectory(): Promise<string> {
  return answer(
    text({
      message: 'Where should we create your app?',
      placeholder: defaultDirectory,
      defaultValue: defaultDirectory,
    }),
  )
}

async function askNames(): Promise<Names> {
  const { context, entity, table } = defaultNames
  const initial = `${context} ${entity} ${table}`
  const typed = await answer(
    text({
      message: 'What should your code call people with an account? (context, entity, table)',
      placeholder: initial,
      defaultValue: initial,
      validate: (value) => problemWith(value || initial),
    }),
  )
  return toNames(typed)
}

function problemWith(typed: string): string | undefined {
  try {
    checkNewNames(toNames(typed))
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function toNames(typed: string): Names {
  const [context = '', entity = '', table = ''] = typed.trim().split(/\s+/u)
  return { context, entity, table }
}

function askMail(): Promise<Flags['mail']> {
  return answer(
    select<Flags['mail']>({
      message: 'What should send emails?',
      options: [
        { value: 'queue', label: 'A worker process of its own', hint: 'recommended' },
        { value: 'in-process', label: 'The web process itself', hint: 'one process to run' },
      ],
    }),
  )
}

function askId(): Promise<Flags['id']> {
  return answer(
    select<Flags['id']>({
      message: 'What type of primary keys?',
      options: [
        { value: 'uuid', label: 'UUIDv7', hint: 'sorted by time, made in the app' },
        { value: 'bigint', label: 'bigint identity', hint: 'made by PostgreSQL' },
      ],
    }),
  )
}

async function answer<Value>(question: Promise<Value | typeof CANCEL_SYMBOL>): Promise<Value> {
  const given = await question
  if (given === CANCEL_SYMBOL) throw new Cancelled('Cancelled. Nothing was written.')
  return given
}
