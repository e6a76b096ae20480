import { parseArgs } from 'node:util'
import { flagValues, UsageInvalid, type Flags, type Names } from '@sigra/generators'
import { options, type Option } from './options.ts'
import { suggest } from './suggest.ts'

/** What the command line says; `undefined` where it says nothing. */
export interface Arguments {
  directory: string | undefined
  names: Names | undefined
  flags: Partial<Flags>
  passkeys: boolean | undefined
  install: boolean | undefined
  git: boolean | undefined
  yes: boolean
  dryRun: boolean
  json: boolean
  cwd: string | undefined
  help: boolean
  version: boolean
}

/** Flags of areas that do not exist yet: they deserve a better answer than “unknown”. */
const laterFlags: ReadonlySet<string> = new Set(['organizations', 'admin', 'api', 'jwt', 'oauth'])

/** Reads the command line. @throws {UsageInvalid} one sentence about the first thing that is wrong. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(options).map(([name, flag]) => [name, { type: typeOf(flag) }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const given = new Map<string, string | boolean>()
  for (const token of tokens) {
    if (token.kind === 'option') given.set(...readOption(token.rawName, token.name, token.value))
  }
  return {
    ...readPositionals(positionals),
    flags: {
      ...choiceOf(given, 'id', flagValues.id),
      ...choiceOf(given, 'mail', flagValues.mail),
      ...choiceOf(given, 'db', flagValues.db),
      ...choiceOf(given, 'pm', flagValues.pm),
    },
    passkeys: switchOf(given, 'passkeys'),
    install: switchOf(given, 'install'),
    git: switchOf(given, 'git'),
    yes: given.has('yes'),
    dryRun: given.has('dry-run'),
    json: given.has('json'),
    cwd: textOf(given, 'cwd'),
    help: given.has('help'),
    version: given.has('version'),
  }
}

const shortNames: Readonly<Record<string, string>> = { h: 'help', v: 'version', y: 'yes' }

function typeOf(flag: Option): 'string' | 'boolean' {
  return flag.values || flag.value ? 'string' : 'boolean'
}

function readOption(
  rawName: string,
  tokenName: string,
  value: string | undefined,
): [string, string | boolean] {
  const long = shortNames[tokenName] ?? tokenName
  const name = options[long] ? long : long.replace(/^no-/u, '')
  const flag = options[name]
  if (flag === undefined) throw unknownFlag(rawName, name)
  if (name !== long) {
    if (flag.isNegatable !== true)
      throw new UsageInvalid(`${rawName} does not exist: --${name} cannot be negated.`)
    if (value !== undefined) throw new UsageInvalid(`${rawName} takes no value.`)
    return [name, false]
  }
  if (typeOf(flag) === 'string') {
    const isMissing = value === undefined || value === '' || value.startsWith('--')
    if (isMissing)
      throw new UsageInvalid(`${rawName} needs a value: ${(flag.values ?? [flag.value]).join(', ')}.`)
    return [name, value]
  }
  if (value !== undefined) throw new UsageInvalid(`${rawName} takes no value.`)
  return [name, true]
}

function unknownFlag(rawName: string, name: string): UsageInvalid {
  if (laterFlags.has(name)) return new UsageInvalid(`${rawName} is not built yet; CHANGELOG.md says what is.`)
  const similar = suggest(name, Object.keys(options))
  const hint = similar === null ? '--help lists all flags.' : `Did you mean --${similar}?`
  return new UsageInvalid(`${rawName} is no flag of create-sigra-remix. ${hint}`)
}

function readPositionals(positionals: readonly string[]): Pick<Arguments, 'directory' | 'names'> {
  const [directory, context, entity, table] = positionals
  if (positionals.length <= 1) return { directory, names: undefined }
  if (positionals.length === 4 && context !== undefined && entity !== undefined && table !== undefined) {
    return { directory, names: { context, entity, table } }
  }
  const isTripleAlone = positionals.length === 3 && /^[A-Z]/u.test(positionals[0] ?? '')
  throw new UsageInvalid(
    isTripleAlone
      ? `The directory comes before the names: my-app ${positionals.join(' ')}.`
      : `Names come in threes after the directory, context, entity and table: ${directory ?? 'my-app'} Accounts User users.`,
  )
}

function choiceOf<Name extends keyof Flags>(
  given: ReadonlyMap<string, string | boolean>,
  name: Name,
  values: readonly Flags[Name][],
): Partial<Record<Name, Flags[Name]>> {
  const text = given.get(name)
  if (text === undefined) return {}
  const value = values.find((candidate) => candidate === text)
  if (value === undefined) {
    const similar = suggest(String(text), values)
    const hint = similar === null ? '' : ` Did you mean ${similar}?`
    throw new UsageInvalid(`--${name} cannot be “${String(text)}”; it is one of ${values.join(', ')}.${hint}`)
  }
  const choice: Partial<Record<Name, Flags[Name]>> = {}
  choice[name] = value
  return choice
}

function switchOf(given: ReadonlyMap<string, string | boolean>, name: string): boolean | undefined {
  const value = given.get(name)
  return typeof value === 'boolean' ? value : undefined
}

function textOf(given: ReadonlyMap<string, string | boolean>, name: string): string | undefined {
  const value = given.get(name)
  return typeof value === 'string' ? value : undefined
}
