import { sql, type Sql } from '../database/sql.ts'
import type { Tables } from '../tables.ts'

/**
 * Whether an account knows a browser, as a condition on its row `u`: it registered the account, or signed in before. A
 * browser without an id (`null`) is known to nobody.
 */
export function isKnownBrowser({ userKnownBrowser }: Tables, browserHash: Sql): Sql {
  return sql`(coalesce(u.registration_browser_hash = ${browserHash}, false) or exists (
    select from ${userKnownBrowser.name} k where k.user_id = u.id and k.browser_hash = ${browserHash}))`
}
