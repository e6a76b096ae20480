/** Exit codes of every command; see `sigra --help`. A refusal is never 0. */
export const EXIT = { done: 0, failed: 1, usage: 2, conflicts: 3, precondition: 4, cancelled: 130 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

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
