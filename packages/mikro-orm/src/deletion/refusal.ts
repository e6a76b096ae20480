import { SigraError } from '@sigra/core'

/** What the app does in a deletion failed. A service of its own that is away is not the database. */
export class HostRefused extends SigraError {
  override readonly name = 'HostRefused'
  readonly code = 'SIGRA_HOST_REFUSED'
  /** What of the app's it was, by the name that the app knows. */
  readonly part: string

  constructor(part: string, options: { cause: unknown }) {
    super(`${part} threw`, options)
    this.part = part
  }
}

/** Why something could not be deleted. */
export interface Refusal {
  /** A code of PostgreSQL, like `23503`, the name of an error, or `inTransaction` and the like. No message: it may quote a row. */
  reason: string
  /** The table that refused. */
  table: string | null
}

/** Names what refused. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof HostRefused) return { ...databaseRefusalOf(error.cause), reason: error.part }
  return databaseRefusalOf(error)
}

function databaseRefusalOf(error: unknown): Refusal {
  if (!(error instanceof Error)) return { reason: 'unknown', table: null }
  const { code, table } = { code: textOf(error, 'code'), table: textOf(error, 'table') }
  return { reason: code ?? error.name, table }
}

function textOf(error: Error, key: 'code' | 'table'): string | null {
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'string' ? value : null
}
