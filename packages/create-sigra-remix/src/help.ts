import { exitCodeMeanings } from '@sigra/generators/command-line'
import { optionTable } from './options.ts'

/** What `--help` prints. */
export function helpText(): string {
  const flags = optionTable.map(({ flag, fallback, meaning }) => {
    const standard = fallback === 'off' ? '' : ` Default: ${fallback}.`
    return `  ${flag.padEnd(31)} ${meaning}${standard}`
  })
  const codes = Object.entries(exitCodeMeanings).map(([code, meaning]) => `  ${code.padEnd(31)} ${meaning}`)
  return `A React Router app with accounts whose code you own.

  npm create sigra-remix@latest [dir] [Context Entity table] -- [flags]

  dir                             A new directory (a README or .git in it is fine), or . inside a React Router app.
  Context Entity table            Names in your code, like Members Member members. Default: Accounts User users.

${flags.join('\n')}

Exit codes
${codes.join('\n')}
`
}
