import { sql, type Sql } from '../database/sql.ts'
import { inTransaction, newId } from '../database/transaction.ts'
import type { TestRuntime } from './test-runtime.ts'
import type { TestUser } from './test-user.ts'

/** How many rows of each kind an account has. */
export interface Belongings {
  sessions: number
  browsers: number
  passkeys: number
  totp: number
  codes: number
}

export async function countBelongings(test: TestRuntime, user: TestUser): Promise<Belongings> {
  const count = (table: Sql) => sql`(select count(*)::int from ${table} where user_id = ${user.id})`
  const [row] = await test.rows<Belongings>(sql`
    select ${count(sql`user_sessions`)} as sessions, ${count(sql`user_known_browsers`)} as browsers,
      ${count(sql`user_passkeys`)} as passkeys, ${count(sql`user_totp`)} as totp,
      ${count(sql`user_backup_codes`)} as codes`)
  if (!row) throw new Error('a select without a condition returns one row')
  return row
}

/** An active authenticator app that nobody holds, and a backup code, written past every flow. */
export async function insertTotp(test: TestRuntime, user: TestUser): Promise<void> {
  await inTransaction(test.runtime, async (tx) => {
    const { userTotp, userBackupCode } = tx.tables
    await tx.rows(sql`
      insert into user_totp (id, user_id, sealed_secret, activated_at, created_at)
      values (${newId(tx, userTotp)}, ${user.id}, 'sealed', ${tx.now}, ${tx.now})`)
    await tx.rows(sql`
      insert into user_backup_codes (id, user_id, lookup_prefix, code_hash, created_at)
      values (${newId(tx, userBackupCode)}, ${user.id}, 'abcd', 'hash', ${tx.now})`)
  })
}
