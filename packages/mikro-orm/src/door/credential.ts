import type { Sql } from '../database/sql.ts'
import type { Policy } from '../policy.ts'
import type { Table } from '../read-table.ts'
import type { ProofMethod } from './proof-method.ts'

/** What somebody signs in with beside the password: rows `f` of a table of its own, of the user's row `u`. */
export interface Credential {
  name: string
  table: Table
  /** Which rows count. */
  counts: Sql
  /**
   * Over all rows of a user: changes when one is added, replaced or removed. Never over secrets: a seed that is sealed anew
   * is the same credential.
   */
  fingerprint: Sql
  /** Somebody can sign in by it alone. */
  isWayIn: boolean
  /** Can be asked for after another one. */
  isSecondFactor: boolean
  /** What of it a session can hold, by RFC 8176 names. */
  proves: readonly ProofMethod[]
  /** When a row began to count. */
  addedAt: Sql
  /**
   * Which rows a notice about the event `e` may take away again. The page that announces it and the statement that does it
   * ask the same.
   */
  disputed(policy: Policy, now: Sql): Sql
}
