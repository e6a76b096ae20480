import { flagValues, optionalFeatures } from '@sigra/generators'

export interface FlagDescription {
  /** As commander reads it and the help shows it: `--id <kind>`. */
  flags: string
  /** Values it takes, the default first; none: it is on or off, or takes any. */
  values?: readonly string[]
  /** Values of which it takes several, with commas between. */
  list?: readonly string[]
  /** Can be written `--no-…`. */
  isNegatable?: boolean
  /** What happens when it is not given, where that is not the first value. */
  fallback?: string
  meaning: string
}

/** Every flag, in the order the help and the guide list them. */
export const flagDescriptions: readonly FlagDescription[] = [
  { flags: '-y, --yes', meaning: 'Ask nothing; use the defaults for what you leave out.' },
  ...optionalFeatures.map(({ name, isDefault, summary, values }) => ({
    flags: values.length === 0 ? `--${name}` : `--${name} <values>`,
    list: values,
    isNegatable: true,
    fallback: isDefault ? 'on' : 'off',
    meaning: summary,
  })),
  { flags: '--id <kind>', values: flagValues.id, meaning: 'Type of primary keys.' },
  {
    flags: '--mail <way>',
    values: flagValues.mail,
    meaning: 'Send emails from a worker process of its own, or inside the web process.',
  },
  {
    flags: '--db <place>',
    values: flagValues.db,
    meaning: 'PostgreSQL in development: from npm, or your own in DATABASE_URL.',
  },
  {
    flags: '--pm <name>',
    values: flagValues.pm,
    fallback: 'the one that runs this',
    meaning: 'Package manager.',
  },
  { flags: '--install', isNegatable: true, fallback: 'on', meaning: 'Install dependencies afterwards.' },
  {
    flags: '--git',
    isNegatable: true,
    fallback: 'on for a new app',
    meaning: 'Make a repository with a first commit.',
  },
  { flags: '--dry-run', meaning: 'Show the plan and write nothing.' },
  { flags: '--json', meaning: 'Print the result as JSON; nothing is asked.' },
  { flags: '--cwd <dir>', fallback: 'where you are', meaning: 'Run as if started in that directory.' },
]

const builtFlags: readonly string[] = optionalFeatures.map(({ name }) => name)

/** Flags of areas that do not exist yet: they deserve a better answer than “unknown”. */
export const laterFlags: readonly string[] = ['admin', 'api', 'jwt', 'oauth'].filter(
  (name) => !builtFlags.includes(name),
)

/** Rows of the table in `docs/generator-options.md`. */
export const optionTable: readonly { flag: string; fallback: string; meaning: string }[] = [
  ...flagDescriptions.map((description) => ({
    flag: spell(description),
    fallback: description.fallback ?? description.values?.[0] ?? 'off',
    meaning: description.meaning,
  })),
  { flag: '--help', fallback: 'off', meaning: 'Show this.' },
  { flag: '--version', fallback: 'off', meaning: 'Show the version.' },
]

/** `--[no-]git`, `--id uuid|bigint`, `--cwd <dir>`. */
function spell({ flags, values, list = [], isNegatable }: FlagDescription): string {
  const long = flags.slice(flags.indexOf('--')).replace('<values>', list.join(','))
  if (isNegatable) return long.replace('--', '--[no-]')
  return values ? long.replace(/<.*>/u, values.join('|')) : long
}
