import type { Bytes, MailedToken } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { isUsable } from './usable-token.ts'

export interface UsableToken {
  userId: UserId
  email: string
  /** Whether the browser is the one the account was registered in. */
  sameBrowser: boolean
  attempts: number
  /** Whether the browser is the one that asked for the mail: there the address was typed in full. */
  askedHere: boolean
}

/** Looks a token up for a page to show. It decides nothing: `consumeToken` asks again. */
export async function findToken(
  runtime: Runtime,
  token: MailedToken,
  browserHash: Bytes | null = null,
): Promise<UsableToken | null> {
  const [row] = await statement<UsableToken>(
    runtime,
    sql`
    select u.id::text as "userId", u.email, t.attempts,
      coalesce(u.registration_browser_hash = ${browserHash}, false) as "sameBrowser",
      coalesce(t.browser_hash = ${browserHash}, false) as "askedHere"
    from ${runtime.tables.userToken.name} t, ${runtime.tables.user.name} u
    where ${isUsable(token, databaseNow(runtime), runtime.tables)}`,
  )
  return row ?? null
}
