import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from './command-failed.ts'

export interface Streams {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
}

/** Whether somebody sits there: never in CI, and never where input or output is a file or a pipe. */
export function canAsk(env: NodeJS.ProcessEnv = process.env): boolean {
  return stdin.isTTY === true && stdout.isTTY === true && (env['CI'] ?? '') === ''
}

/**
 * Asks for one line.
 *
 * @param streams Tests pass their own. @default the terminal
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED`, exit code 130, for Ctrl-C and Ctrl-D.
 */
export async function askLine(
  question: string,
  streams: Streams = { input: stdin, output: stdout },
): Promise<string> {
  const lines = createInterface(streams)
  const left = new Promise<never>((_, reject) => {
    const cancel = () => reject(new CommandFailed(EXIT.cancelled, 'Cancelled. Nothing was written.'))
    lines.once('SIGINT', cancel)
    lines.once('close', cancel)
  })
  try {
    return (await Promise.race([lines.question(question), left])).trim()
  } finally {
    left.catch(() => undefined) // closing is what a finished question does, too
    lines.close()
  }
}
