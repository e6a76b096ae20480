import { sql } from '../../database/sql.ts'
import { inTransaction, newId } from '../../database/transaction.ts'
import { requirePasskeys } from '../../passkeys/require-passkeys.ts'
import type { TestRuntime } from '../test-runtime.ts'
import type { TestUser } from '../test-user.ts'

/** A passkey that nobody holds, written past every flow. @returns Its id. */
export async function insertPasskey(test: TestRuntime, user: TestUser): Promise<string> {
  return inTransaction(test.runtime, async (tx) => {
    const { userPasskey } = requirePasskeys(tx.runtime).tables
    const [row] = await tx.rows<{ id: string }>(sql`
      insert into user_passkeys (id, user_id, credential_id, public_key, aaguid, transports, backup_eligible,
        backed_up, nickname, created_at)
      values (${newId(tx, userPasskey)}, ${user.id}, ${Buffer.from(crypto.randomUUID())}, 'key'::bytea,
        gen_random_uuid(), '{}', false, false, 'Blue phone', ${tx.now})
      returning id::text as id`)
    if (!row) throw new Error('not inserted')
    return row.id
  })
}
