import { CANCEL_SYMBOL, confirm, select, text } from '@clack/prompts'
import {
  checkNames,
  defaultNames,
  UsageInvalid,
  type Conflict,
  type Decision,
  type Flags,
  type Names,
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
  passkeys: boolean
  install: boolean
}

const defaultDirectory = 'my-app'

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
    passkeys: given.passkeys ?? true,
    install: given.install ?? true,
  }
}

/** Asks for what the command line leaves open: at most five questions. @throws {Cancelled} */
export async function askAnswers(given: Arguments): Promise<Answers> {
  const directory = given.directory ?? (await askDirectory())
  const names = given.names ?? (await askNames())
  const mail = given.flags.mail ?? (await askMail())
  const id = given.flags.id ?? (await askId())
  const passkeys =
    given.passkeys ?? (await answer(confirm({ message: 'Let people log in with passkeys, too?' })))
  return { directory, names, flags: { ...given.flags, mail, id }, passkeys, install: given.install ?? true }
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
    checkNames(toNames(typed))
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
