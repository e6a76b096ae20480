/** Everything Sigra throws. Branch on `code`: codes are added, never renamed. `message` is prose. */
export abstract class SigraError extends Error {
  abstract readonly code: `SIGRA_${string}`
}

/** Something the developer passed is missing or out of range. Start-up options are checked first. */
export class ConfigInvalid extends SigraError {
  override readonly name = 'ConfigInvalid'
  readonly code = 'SIGRA_CONFIG_INVALID'
}

/** What cannot be, was: a defect of Sigra's, or a table that was changed by hand. Nothing was done. */
export class Impossible extends SigraError {
  override readonly name = 'Impossible'
  readonly code = 'SIGRA_IMPOSSIBLE'
}

/** More work arrived than may wait. The edge answers 503 with `Retry-After`; nothing was done. */
export class Overloaded extends SigraError {
  override readonly name = 'Overloaded'
  readonly code = 'SIGRA_OVERLOADED'
  readonly retryAfterSeconds: number

  constructor(message: string, retryAfterSeconds: number) {
    super(message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}
