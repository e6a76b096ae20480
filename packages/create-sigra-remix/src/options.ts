import { flagValues, optionalFeatures } from '@sigra/generators'

export interface Option {
  /** Values it takes, the default first; none: it is on or off. */
  values?: readonly string[]
  /** A free value, by its name in the help. */
  value?: string
  /** Can be written `--no-…`. */
  isNegatable?: boolean
  /** What happens when it is not given, where that is not the first value. */
  fallback?: string
  meaning: string
}

/** Every flag, in the order the help and the guide list them. */
export const options: Readonly<Record<string, Option>> = {
  yes: { meaning: 'Ask nothing; take the defaults for what is not said.' },
  passkeys: { isNegatable: true, fallback: 'on', meaning: optionalFeatures.passkeys.summary },
  id: { values: flagValues.id, meaning: 'Keys of the tables.' },
  mail: {
    values: flagValues.mail,
    meaning: 'Send mail from a worker process of its own, or inside the web process.',
  },
  db: {
    values: flagValues.db,
    meaning: 'PostgreSQL in development: one from npm, or yours by DATABASE_URL.',
  },
  pm: { values: flagValues.pm, fallback: 'the one that runs this', meaning: 'Package manager.' },
  install: { isNegatable: true, fallback: 'on', meaning: 'Install dependencies afterwards.' },
  git: { isNegatable: true, fallback: 'on for a new app', meaning: 'Make a repository with a first commit.' },
  'dry-run': { meaning: 'Show the plan and write nothing.' },
  json: { meaning: 'Print the result as JSON; nothing is asked.' },
  cwd: { value: 'dir', fallback: 'where you are', meaning: 'Work as if started there.' },
  help: { meaning: 'Show this.' },
  version: { meaning: 'Show the version.' },
}

/** Rows of the table in `docs/generator-options.md`. */
export const optionTable: readonly { flag: string; fallback: string; meaning: string }[] = Object.entries(
  options,
).map(([name, option]) => ({
  flag: spell(name, option),
  fallback: fallbackOf(option),
  meaning: option.meaning,
}))

/** What each exit code says. A refusal is never 0. */
export const exitCodes: Readonly<Record<number, string>> = {
  0: 'Done.',
  1: 'Failed; what was written is said.',
  2: 'Wrong usage.',
  3: 'Files need a decision of yours; nothing was written.',
  4: 'Something that has to be there first is missing, or in the way.',
  130: 'Cancelled.',
}

/** `--[no-]git`, `--id uuid|bigint`, `--cwd <dir>`. */
export function spell(name: string, { values, value, isNegatable }: Option): string {
  const argument = values ? ` ${values.join('|')}` : value ? ` <${value}>` : ''
  return `--${isNegatable ? '[no-]' : ''}${name}${argument}`
}

function fallbackOf({ values, fallback }: Option): string {
  return fallback ?? values?.[0] ?? 'off'
}
