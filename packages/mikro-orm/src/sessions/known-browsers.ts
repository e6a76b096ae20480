import type { Caller } from '../caller.ts'
import { sql, type Sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'
import { browserHashOf, hashBrowserToken } from './browser-token.ts'

/**
 * Makes every browser of an account a stranger's again: the next sign-in in it asks for the second factor, tells the
 * owner, and has no tries and mails of its own; nor has the one that registered, from now on. What a browser may is not
 * to outlive the doubt in it.
 */
export async function forgetBrowsers(tx: Transaction, userId: UserId): Promise<void> {
  await forget(tx, userId, () => sql`true`)
}

/** The same, but for this one. */
export async function forgetOtherBrowsers(tx: Transaction, caller: Caller, userId: UserId): Promise<void> {
  const here = browserHashOf(caller)
  await forget(tx, userId, (hash) => sql`${hash} is distinct from ${here}::bytea`)
}

/** The same for one browser, by the hash its session was opened with. */
export async function forgetBrowser(
  tx: Transaction,
  userId: UserId,
  browserHash: Uint8Array | null,
): Promise<void> {
  await forget(tx, userId, (hash) => sql`${hash} = ${browserHash}::bytea`)
}

/**
 * After a proof of the address: makes this browser the one that is known, by nothing that it was before. A stranger who
 * goes on guessing, or asking for mails, must not keep the owner out here.
 */
export async function knowOnlyThisBrowser(tx: Transaction, caller: Caller, userId: UserId): Promise<void> {
  const { userKnownBrowser } = tx.tables
  await forgetBrowsers(tx, userId)
  if (caller.browserToken === null) return
  await tx.rows(sql`
    insert into ${userKnownBrowser.name} (id, user_id, browser_hash, last_seen_at, created_at)
    values (${newId(tx, userKnownBrowser)}, ${userId}, ${hashBrowserToken(caller.browserToken)}, ${tx.now}, ${tx.now})`)
}

async function forget(tx: Transaction, userId: UserId, which: (hash: Sql) => Sql): Promise<void> {
  const { user, userKnownBrowser } = tx.tables
  await tx.rows(sql`
    with known as (
      delete from ${userKnownBrowser.name} where user_id = ${userId} and ${which(sql`browser_hash`)}
    )
    update ${user.name} set registration_browser_hash = null
    where id = ${userId} and registration_browser_hash is not null and ${which(sql`registration_browser_hash`)}`)
}
