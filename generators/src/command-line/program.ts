import { Command, CommanderError } from 'commander'
import { UsageInvalid } from '../errors.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/**
 * A program whose line is read by commander, in one way for all of ours: it never ends the process, and flags may stand
 * before and after words.
 *
 * @param version What `--version` says.
 */
export function createProgram(name: string, version: string): Command {
  return new Command(name)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void process.stdout.write(text),
      writeErr: (text) => void process.stderr.write(text),
      outputError: () => undefined, // becomes an error of ours, see runProgram
    })
    .configureHelp({ helpWidth: 110 })
    .version(version, '-v, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show this.')
}

/**
 * Runs a program on its arguments, without those of Node.
 *
 * @returns What the command that ran ended with; 0 after help and version, 2 where no command is named.
 * @throws {UsageInvalid} one sentence about the first thing that is wrong, with the word that was meant where one is near.
 */
export async function runProgram(program: Command, args: readonly string[]): Promise<ExitCode> {
  try {
    await program.parseAsync([...args], { from: 'user' })
    return endings.get(program) ?? EXIT.done
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return EXIT.done
    if (error.code === 'commander.help') return EXIT.usage
    throw new UsageInvalid(sentence(error))
  }
}

/** Makes a command end as its work says: `.action(ends(async (word, { flag }) => …))`. */
export function ends<Args extends unknown[]>(
  work: (...args: Args) => Promise<ExitCode>,
): (this: Command, ...args: Args) => Promise<void> {
  return async function end(this: Command, ...args) {
    endings.set(rootOf(this), await work(...args))
  }
}

/** What commander calls a name it does not know. */
const unknownNames = ['commander.unknownOption', 'commander.unknownCommand']

const endings = new WeakMap<Command, ExitCode>()

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent)
}

/** `error: unknown option '--prot'\n(Did you mean --port?)` → `Unknown option '--prot'. Did you mean --port?` */
function sentence({ code, message }: CommanderError): string {
  const [first = '', ...more] = message.replace(/^error: /u, '').split('\n')
  const start = first.charAt(0).toUpperCase() + first.slice(1)
  const hint = more.join(' ').replace(/^\((.*)\)$/u, '$1')
  const advice = hint === '' && unknownNames.includes(code) ? '--help lists all.' : hint
  return `${/[.?!]$/u.test(start) ? start : `${start}.`} ${advice}`.trimEnd()
}
