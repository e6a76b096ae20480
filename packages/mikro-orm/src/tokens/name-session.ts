import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { ConsumedToken } from './consume-token.ts'

/**
 * Notes the session that using a mailed token up led to: the same browser may press again before the answer has arrived,
 * and gets that one. See `repeatSignIn`.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function nameSession(tx: Transaction, { id }: ConsumedToken, sessionId: string): Promise<void> {
  await tx.rows(sql`update ${tx.tables.userToken.name} set session_id = ${sessionId} where id = ${id}`)
}
