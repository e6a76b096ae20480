/** What a command ends with: 1 failed, 2 usage, 3 conflicts need a decision, 4 precondition. */
export type FailureExitCode = 1 | 2 | 3 | 4

/** Everything the generators throw. Branch on `code`: codes are added, never renamed. `message` is prose. */
export abstract class GeneratorError extends Error {
  abstract readonly code: `SIGRA_${string}`
  abstract readonly exitCode: FailureExitCode
}

/** The command line or `sigra.json` asks for something that does not exist. */
export class UsageInvalid extends GeneratorError {
  override readonly name = 'UsageInvalid'
  readonly code = 'SIGRA_USAGE_INVALID'
  readonly exitCode = 2
}

/** The directory is not in a state this command can work on; the message says what to do. */
export class PreconditionFailed extends GeneratorError {
  override readonly name = 'PreconditionFailed'
  readonly code = 'SIGRA_PRECONDITION_FAILED'
  readonly exitCode = 4
}

/** Somebody's text is in the way and only they can decide. Nothing was written. */
export class ConflictsFound extends GeneratorError {
  override readonly name = 'ConflictsFound'
  readonly code = 'SIGRA_CONFLICTS_FOUND'
  readonly exitCode = 3
  readonly paths: readonly string[]

  constructor(message: string, paths: readonly string[]) {
    super(message)
    this.paths = paths
  }
}

/** A template is malformed: a mistake of ours, found by our tests. */
export class TemplateInvalid extends GeneratorError {
  override readonly name = 'TemplateInvalid'
  readonly code = 'SIGRA_TEMPLATE_INVALID'
  readonly exitCode = 1
}
