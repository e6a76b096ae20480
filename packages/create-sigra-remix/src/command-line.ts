import {
  flagValues,
  optionalFeatures,
  type Feature,
  type Flags,
  type Names,
  type OptionalFeature,
  type State,
} from '@sigra/generators'

/** Everything a run decided: enough to repeat it without a question. */
export interface Choices {
  directory: string
  names: Names
  flags: Flags
  features: readonly Feature[]
  values: State['values']
  install: boolean
  git: boolean
  cwd: string | undefined
}

/** The command that does the same again, for the package manager it is started with. */
export function repeatCommand(choices: Choices): string {
  const { directory, names, flags } = choices
  const words = [directory, names.context, names.entity, names.table]
  const options = [
    '--yes',
    ...optionalFeatures.map(({ name }) => featureFlag(name, choices)),
    `--id ${flags.id}`,
    `--mail ${flags.mail}`,
    `--db ${flags.db}`,
    `--pm ${flags.pm}`,
    choices.install ? '--install' : '--no-install',
    choices.git ? '--git' : '--no-git',
    ...(choices.cwd === undefined ? [] : [`--cwd ${quote(choices.cwd)}`]),
  ]
  return `${createCommand(flags.pm)} ${words.map(quote).join(' ')} ${separator(flags.pm)}${options.join(' ')}`
}

function featureFlag(name: OptionalFeature, { features, values }: Choices): string {
  if (!features.includes(name)) return `--no-${name}`
  return [`--${name}`, values[name]?.join(',') ?? ''].join(' ').trim()
}

/** The package manager somebody typed to get here. */
export function launchedBy(): Flags['pm'] {
  const [name] = (process.env['npm_config_user_agent'] ?? '').split('/')
  return flagValues.pm.find((pm) => pm === name) ?? 'npm'
}

/** How a package manager runs this program. */
export function createCommand(pm: Flags['pm']): string {
  return pm === 'yarn' ? 'yarn create sigra-remix' : `${pm} create sigra-remix@latest`
}

/** Installs everything an app lists, whatever settings of the user leave out. */
export function installCommand(pm: Flags['pm']): readonly string[] {
  return [pm, 'install', ...(everything[pm] ?? [])]
}

const everything: Readonly<Partial<Record<Flags['pm'], readonly string[]>>> = {
  npm: ['--include=dev'],
  pnpm: ['--prod=false'],
}

/** npm keeps flags for itself up to `--`; the others pass them on. */
export function separator(pm: Flags['pm']): string {
  return pm === 'npm' ? '-- ' : ''
}

/** A word as a shell takes it back. */
export function quote(word: string): string {
  return /^[\w./@:-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
