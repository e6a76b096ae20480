import {
  generatorVersion,
  optionalFeatures,
  UsageInvalid,
  type Flags,
  type Names,
  type OptionalFeature,
} from '@sigra/generators'
import {
  createProgram,
  ends,
  InvalidArgumentError,
  Option,
  type Command,
  type ExitCode,
} from '@sigra/generators/command-line'
import { helpText } from './help.ts'
import { flagDescriptions, laterFlags } from './options.ts'

/** What the command line says; `undefined` where it says nothing. */
export interface Arguments {
  directory: string | undefined
  names: Names | undefined
  flags: Partial<Flags>
  /** Features that are asked for, or to be left out. */
  features: Partial<Record<OptionalFeature, boolean | readonly string[]>>
  install: boolean | undefined
  git: boolean | undefined
  yes: boolean
  dryRun: boolean
  json: boolean
  cwd: string | undefined
}

/** As commander hands them over: choices are checked, switches are there or not. */
type Given = Partial<Flags> &
  Partial<Record<OptionalFeature, boolean | readonly string[]>> &
  Partial<Omit<Arguments, 'directory' | 'names' | 'flags' | 'features'>>

/** The program whose one command makes an app. */
export function createCommandLine(run: (given: Arguments) => Promise<ExitCode>): Command {
  const program = createProgram('create-sigra-remix', generatorVersion)
    .argument('[words...]')
    .configureHelp({ formatHelp: helpText })
  for (const { flags, values, list, isNegatable } of flagDescriptions) {
    const option = new Option(flags)
    program.addOption(values ? option.choices(values) : takesOther(option, flags, list))
    if (isNegatable) program.addOption(new Option(flags.replace('--', '--no-').replace(' <values>', '')))
  }
  for (const name of laterFlags) program.addOption(new Option(`--${name} [value]`).hideHelp())
  return program.action(
    ends(async (words: readonly string[], given: Given) => run(readArguments(words, given))),
  )
}

function takesOther(option: Option, flags: string, list: readonly string[] = []): Option {
  if (list.length > 0) return option.argParser((value) => readList(value, list))
  return flags.endsWith('>') ? option.argParser(notEmpty) : option
}

function readList(value: string, known: readonly string[]): string[] {
  const chosen = value.split(',')
  const isKnown = chosen.every((name) => known.includes(name))
  if (!isKnown)
    throw new InvalidArgumentError(`Name one or more of ${known.join(', ')}, with commas between.`)
  return chosen
}

function notEmpty(value: string): string {
  if (value === '') throw new InvalidArgumentError('It needs a value.')
  return value
}

/** @throws {UsageInvalid} one sentence about the first thing that is wrong. */
function readArguments(words: readonly string[], given: Given): Arguments {
  const later = laterFlags.find((name) => name in given)
  if (later !== undefined) throw new UsageInvalid(`--${later} is not built yet; CHANGELOG.md says what is.`)
  const { id, mail, db, pm } = given
  return {
    ...readWords(words),
    flags: { ...(id && { id }), ...(mail && { mail }), ...(db && { db }), ...(pm && { pm }) },
    features: readFeatures(given),
    install: given.install,
    git: given.git,
    yes: given.yes ?? false,
    dryRun: given.dryRun ?? false,
    json: given.json ?? false,
    cwd: given.cwd,
  }
}

function readFeatures(given: Given): Arguments['features'] {
  const said = optionalFeatures.filter(({ name }) => given[name] !== undefined)
  return Object.fromEntries(said.map(({ name }) => [name, given[name]]))
}

function readWords(words: readonly string[]): Pick<Arguments, 'directory' | 'names'> {
  const [directory, context, entity, table] = words
  if (directory === '')
    throw new UsageInvalid('The directory has no name. Name a new one, or write . for this one.')
  if (words.length <= 1) return { directory, names: undefined }
  if (words.length === 4 && context !== undefined && entity !== undefined && table !== undefined) {
    return { directory, names: { context, entity, table } }
  }
  const isTripleAlone = words.length === 3 && /^[A-Z]/u.test(words[0] ?? '')
  throw new UsageInvalid(
    isTripleAlone
      ? `The directory comes before the names: my-app ${words.join(' ')}.`
      : `Names come in threes after the directory, context, entity and table: ${directory ?? 'my-app'} Accounts User users.`,
  )
}
