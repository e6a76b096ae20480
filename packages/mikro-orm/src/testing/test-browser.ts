import { sql } from '../database/sql.ts'
import { inTransaction, newId } from '../database/transaction.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import { createTestCaller, type TestCaller } from './test-caller.ts'
import type { TestRuntime } from './test-runtime.ts'

let networks = 0

/** A browser in a network of its own: its limits are nobody else's. */
export function createDistantBrowser(changes: Partial<TestCaller> = {}): TestCaller {
  networks += 1
  return createTestCaller({
    ...changes,
    clientAddress: `10.${networks >> 16}.${(networks >> 8) & 255}.${networks & 255}`,
  })
}

/** Makes a browser one that the account knows, as after a sign-in. */
export async function knowBrowser(
  test: Pick<TestRuntime, 'runtime'>,
  user: { id: string },
  { browserToken }: TestCaller,
): Promise<void> {
  await inTransaction(test.runtime, (tx) =>
    tx.rows(sql`
      insert into ${tx.tables.userKnownBrowser.name} (id, user_id, browser_hash, last_seen_at, created_at)
      values (${newId(tx, tx.tables.userKnownBrowser)}, ${user.id}, ${hashBrowserToken(browserToken)}, ${tx.now}, ${tx.now})`),
  )
}
