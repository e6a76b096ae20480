import type { FlowContext, UserId } from '../context.ts'
import { sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import { hashBrowserToken } from './browser-token.ts'

/**
 * Makes every browser of an account a stranger's again, but for this one: the next sign-in in them asks for the second
 * factor, tells the owner, and has no tries and mails of its own. What a browser may is not to outlive the doubt in it.
 */
export async function forgetOtherBrowsers(tx: Transaction, ctx: FlowContext, userId: UserId): Promise<void> {
  const here = ctx.browserToken === null ? null : hashBrowserToken(ctx.browserToken)
  await tx.rows(sql`
    delete from ${tx.tables.userKnownBrowser.name}
    where user_id = ${userId} and browser_hash is distinct from ${here}::bytea`)
}

/** The same for one browser, by the hash its session was opened with. */
export async function forgetBrowser(
  tx: Transaction,
  userId: UserId,
  browserHash: Uint8Array | null,
): Promise<void> {
  await tx.rows(sql`
    delete from ${tx.tables.userKnownBrowser.name}
    where user_id = ${userId} and browser_hash = ${browserHash}::bytea`)
}

/**
 * The same after a proof of the address, which also makes this browser a known one: a stranger who goes on guessing, or
 * asking for mails, must not keep the owner out here.
 */
export async function knowOnlyThisBrowser(tx: Transaction, ctx: FlowContext, userId: UserId): Promise<void> {
  const { userKnownBrowser } = tx.tables
  await forgetOtherBrowsers(tx, ctx, userId)
  if (ctx.browserToken === null) return
  await tx.rows(sql`
    insert into ${userKnownBrowser.name} (id, user_id, browser_hash, last_seen_at, created_at)
    values (${newId(tx, userKnownBrowser)}, ${userId}, ${hashBrowserToken(ctx.browserToken)}, ${tx.now}, ${tx.now})
    on conflict (user_id, browser_hash) do update set
      last_seen_at = excluded.last_seen_at, failed_password_count = 0, trusted_until = null, trust_hash = null`)
}
