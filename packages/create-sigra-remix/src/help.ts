import { flagHelp } from './arguments.ts'

/** What `--help` prints. */
export function helpText(): string {
  const flags = Object.entries(flagHelp).map(([name, { values, value, negatable, help }]) => {
    const argument = values ? ` ${values.join('|')}` : value ? ` <${value}>` : ''
    const standard = values?.[0] === undefined ? '' : ` (default ${values[0]})`
    return `  ${`--${negatable ? '[no-]' : ''}${name}${argument}`.padEnd(31)} ${help}${standard}`
  })
  return `A React Router app with accounts whose code you own.

  npm create sigra-remix@latest [dir] [Context Entity table] -- [flags]

  dir                             a new or empty directory, or . inside a React Router app
  Context Entity table            names in your code, for example Members Member members
                                  (default Accounts User users)

${flags.join('\n')}

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 files need your decision, 4 something is missing, 130 cancelled.`
}
