import { parseArgs } from 'node:util'
import { printLine, printProblem } from './print.ts'
import { CommandFailed, EXIT, type ExitCode } from './command-failed.ts'
import { findClosestWord } from './closest-word.ts'
import { commands, type Command } from './commands.ts'
import { PostgresFailed } from '../postgres/postgres-failed.ts'
import { readVersion } from './read-version.ts'

/** Runs `sigra <arguments>` in `directory` and returns the exit code. Never throws for what a person got wrong. */
export async function runCommandLine(args: readonly string[], directory: string): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    printLine(describeAll())
    return name === undefined ? EXIT.usage : EXIT.done
  }
  if (name === '--version' || name === '-v') {
    printLine(readVersion())
    return EXIT.done
  }
  try {
    const command = commands[name]
    if (!command) throw new CommandFailed(EXIT.usage, unknownWord('command', name, Object.keys(commands)))
    if (rest.includes('--help') || rest.includes('-h')) {
      printLine(describeOne(name, command))
      return EXIT.done
    }
    return await command.run({ directory, ...parse(name, command, rest) })
  } catch (error) {
    if (error instanceof CommandFailed || isGeneratorFailure(error)) {
      printProblem(error.message)
      return error.exitCode
    }
    printProblem(error instanceof PostgresFailed ? error.message : describeUnexpected(error))
    return EXIT.failed
  }
}

function parse(
  name: string,
  command: Command,
  args: readonly string[],
): { flags: Record<string, string | boolean | undefined>; words: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: args.map((arg) => (command.flags[arg.slice(2)]?.type === 'optional' ? `${arg}=` : arg)),
      options: Object.fromEntries(
        Object.entries(command.flags).map(([flag, { type }]) => [
          flag,
          { type: type === 'boolean' ? type : 'string' },
        ]),
      ),
      allowPositionals: true,
    })
    const extra = positionals[command.words.length]
    if (extra !== undefined)
      throw new CommandFailed(EXIT.usage, `sigra ${name} does not know what to do with "${extra}".`)
    return { flags: values, words: positionals }
  } catch (error) {
    if (error instanceof CommandFailed) throw error
    const unknown = args.find(
      (arg) => arg.startsWith('-') && !(arg.replace(/^--?|=.*$/g, '') in command.flags),
    )
    const flags = Object.keys(command.flags).map((flag) => `--${flag}`)
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandFailed(EXIT.usage, unknown ? unknownWord('flag', unknown, flags) : reason, {
      cause: error,
    })
  }
}

function unknownWord(kind: string, typed: string, known: readonly string[]): string {
  const closest = findClosestWord(typed, known)
  return `Unknown ${kind} "${typed}".${closest ? ` Did you mean "${closest}"?` : ''} sigra --help lists all.`
}

function describeAll(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  return [
    `sigra ${readVersion()}`,
    '',
    'Usage: sigra <command> [flags]',
    '',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'sigra <command> --help says more.',
    'Exit codes: 0 done, 1 failed, 2 usage, 3 conflicts need a decision, 4 precondition, 130 cancelled.',
  ].join('\n')
}

const valueWords = { string: ' <value>', optional: '[=<value>]', boolean: '' } as const

function describeOne(name: string, command: Command): string {
  const flags = Object.entries(command.flags).map(([flag, { type, summary }]) => {
    return `  ${`--${flag}${valueWords[type]}`.padEnd(20)}${summary}`
  })
  const words = command.words.map((word) => ` [${word}]`).join('')
  return [
    `Usage: sigra ${name}${words} [flags]`,
    '',
    command.summary,
    ...(flags.length > 0 ? ['', ...flags] : []),
  ].join('\n')
}

/** By its shape: loading the generators only to name their error class would slow every command down. */
function isGeneratorFailure(error: unknown): error is Error & { exitCode: ExitCode } {
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number'
}

function describeUnexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
