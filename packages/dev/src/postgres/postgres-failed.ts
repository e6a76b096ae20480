/** The embedded PostgreSQL cannot be started or used. `message` says what to do about it. */
export class PostgresFailed extends Error {
  override readonly name = 'PostgresFailed'
  readonly code = 'SIGRA_POSTGRES_FAILED'
}
