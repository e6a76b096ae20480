import type { EntityManager } from '@mikro-orm/postgresql'
import type { Tables } from '../tables.ts'
import type { Sql } from './sql.ts'

/** What a flow writes with: one connection, all or nothing. A runtime holds hooks that take one, so it is left open here. */
export interface TransactionOf<Runtime> {
  /** Runs one statement. @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` */
  rows<Row>(query: Sql): Promise<Row[]>
  readonly tables: Tables
  /** The database's clock plus the test offset, evaluated once per use. */
  readonly now: Sql
  /** Of this transaction alone, for a host's further rows. What it persists is flushed before the commit. */
  readonly em: EntityManager
  readonly runtime: Runtime
  /** Does what must not happen for a change that was rolled back: cookies, telemetry. */
  afterCommit(work: () => void): void
}
