import { SigraError } from '@sigra/core'

/** The database does not answer. Nothing was decided and nothing let through: answer 503 and log `cause`. */
export class DatabaseUnavailable extends SigraError {
  override readonly name = 'DatabaseUnavailable'
  readonly code = 'SIGRA_DATABASE_UNAVAILABLE'
  readonly retryAfterSeconds = 5
}

// PostgreSQL error classes and codes, and Node's names for a connection that cannot be had or kept.
const unavailable =
  /^(?:08.{3}|28.{3}|3D000|53.{3}|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT)$/
// `pg` has no code for these.
const lost =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i

/** Turns "the database is away" into one kind of error; everything else passes through as it is. */
export function explainDatabaseError(error: unknown): unknown {
  return isUnavailable(error)
    ? new DatabaseUnavailable('The database does not answer', { cause: error })
    : error
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof SigraError) return false
  if (error instanceof AggregateError) return error.errors.some((each) => isUnavailable(each))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return unavailable.test(code) || lost.test(error.message) || isUnavailable(error.cause)
}
