import { flagValues, optionalFeatures, UsageInvalid, type FeatureManifest } from '@sigra/generators'
import { createCommand, quote, separator } from './command-line.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Stops when npm took flags for its own because `--` is missing: `npm create sigra-remix app --id bigint` reaches us
 * as the word `bigint` and `npm_config_id=true`. Going on would do something else than was asked.
 *
 * @param argv Words that reached us; npm leaves the value of a swallowed flag among them.
 * @throws {UsageInvalid} with the command as it was meant.
 */
export function refuseSwallowedFlags(env: Environment, argv: readonly string[]): void {
  const swallowed = findSwallowedFlags(env, argv)
  if (swallowed.length === 0) return
  const values = new Set(swallowed.flatMap((flag) => flag.split(' ').slice(1)))
  const words = argv.filter((word) => !values.has(word) && !word.startsWith('-')).map(quote)
  const command = [createCommand('npm'), ...words, `${separator('npm')}${swallowed.join(' ')}`].join(' ')
  throw new UsageInvalid(
    `npm kept ${swallowed.join(' ')} for itself: flags go after a lone \`--\`. Run: ${command}`,
  )
}

/** The flags npm swallowed, as they were meant. */
export function findSwallowedFlags(env: Environment, argv: readonly string[]): string[] {
  if (env['npm_command'] !== 'exec' && env['npm_command'] !== 'init') return []
  return [
    ...valueFlags.flatMap((name) => readValueFlag(env, name, argv)),
    ...readPackageManager(env),
    ...(env['npm_config_dry_run'] === 'true' ? ['--dry-run'] : []),
    ...(env['npm_config_json'] === 'true' ? ['--json'] : []),
    ...optionalFeatures.flatMap((feature) => readFeature(env, feature, argv)),
    ...readSwitch(env, 'install'),
    ...readSwitch(env, 'git'),
  ]
}

const valueFlags = ['id', 'mail', 'db'] as const

function readValueFlag(
  env: Environment,
  name: (typeof valueFlags)[number],
  positionals: readonly string[],
): string[] {
  const value = env[`npm_config_${name}`]
  if (value === undefined) return []
  const word = positionals.find((candidate) => flagValues[name].some((known) => known === candidate))
  return [`--${name} ${value === 'true' ? (word ?? flagValues[name][0]) : value}`]
}

/** `--oauth google` leaves `google` among the words, `--oauth=google` does not. */
function readFeature(
  env: Environment,
  { name, values }: FeatureManifest,
  positionals: readonly string[],
): string[] {
  const value = env[`npm_config_${name}`]
  const isList = (word: string) => values.length > 0 && word.split(',').every((each) => values.includes(each))
  const list = value === 'true' ? positionals.find(isList) : value
  return list !== undefined && isList(list) ? [`--${name} ${list}`] : readSwitch(env, name)
}

/** npm reads `--pm pnpm` as `-p -m pnpm`: parseable output, and a message. */
function readPackageManager(env: Environment): string[] {
  const value =
    env['npm_config_pm'] ?? (env['npm_config_parseable'] === 'true' ? env['npm_config_message'] : undefined)
  return flagValues.pm.some((known) => known === value) ? [`--pm ${value}`] : []
}

/** `git` is also the name of a setting of npm, the program to run: only a switch counts as swallowed. */
function readSwitch(env: Environment, name: string): string[] {
  const value = env[`npm_config_${name}`]
  if (value === 'false' || (value === '' && name !== 'git')) return [`--no-${name}`]
  return value === 'true' || value === '' ? [`--${name}`] : []
}
