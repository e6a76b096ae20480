import { hashSessionToken } from '@sigra/core'
import type { FlowContext } from '../context.ts'
import { identifier, type Sql, sql } from '../database/sql.ts'

/**
 * Whether a row, under this alias, is the session this browser holds. By token: a session that has idled out, or whose
 * user is disabled, signs nobody in now and would again when the account is enabled. By id: it may have been given
 * another token since the request was looked up. `null` in SQL where the browser has none.
 */
export function isOfBrowser({ session, sessionToken }: FlowContext, alias: string): Sql {
  const row = identifier(alias)
  const tokenHash = sessionToken === null ? null : hashSessionToken(sessionToken)
  return sql`(${row}.id = ${session?.id ?? null} or ${row}.token_hash = ${tokenHash})`
}
