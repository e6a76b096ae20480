import type { ExitCode } from '@sigra/generators/command-line'

/** A command cannot go on. `message` is one clear sentence and what to do. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  readonly code = 'SIGRA_COMMAND_FAILED'
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
