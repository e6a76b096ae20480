import { createBackupCodes, hashBackupCode } from '@sigra/core'
import { join, sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import { type Busy, orBusy } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import { hashPlaceOf } from '../sessions/hash-place.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import type { UserId } from '../user-id.ts'

/** A fresh set of codes: what their owner is shown, once, and what is stored. */
export interface NewBackupCodes {
  ok: true
  texts: readonly string[]
  rows: readonly { lookupPrefix: string; codeHash: string }[]
}

/** Makes a set, before any transaction: no connection is held while it is hashed. */
export async function makeBackupCodes(
  runtime: Runtime,
  session: ResolvedSession,
): Promise<NewBackupCodes | Busy> {
  const codes = createBackupCodes(undefined, runtime.policy.backupCodes.count)
  return orBusy(
    (async () => {
      const rows: { lookupPrefix: string; codeHash: string }[] = []
      for (const code of codes) {
        rows.push({
          lookupPrefix: code.lookupPrefix,
          codeHash: await hashBackupCode(runtime.hasher, code, hashPlaceOf(session)),
        })
      }
      return { ok: true, texts: codes.map(({ text }) => text), rows }
    })(),
  )
}

/** Puts a set in the place of all former ones. Lock the user first: of two sets made at once the later one counts. */
export async function replaceBackupCodes(
  tx: Transaction,
  userId: UserId,
  { rows }: NewBackupCodes,
): Promise<void> {
  const { userBackupCode } = tx.tables
  await deleteBackupCodes(tx, userId)
  const values = rows.map(
    ({ lookupPrefix, codeHash }) =>
      sql`(${newId(tx, userBackupCode)}, ${userId}, ${lookupPrefix}, ${codeHash}, ${tx.now})`,
  )
  await tx.rows(sql`
    insert into ${userBackupCode.name} (id, user_id, lookup_prefix, code_hash, created_at)
    values ${join(values, sql`, `)}`)
}

export async function deleteBackupCodes(tx: Transaction, userId: UserId): Promise<void> {
  await tx.rows(sql`delete from ${tx.tables.userBackupCode.name} where user_id = ${userId}`)
}

/** How many of a user's codes were not used yet. */
export async function countBackupCodes(tx: Transaction, userId: UserId): Promise<number> {
  const [row] = await tx.rows<{ left: number }>(sql`
    select count(*)::int as left from ${tx.tables.userBackupCode.name}
    where user_id = ${userId} and used_at is null`)
  return row?.left ?? 0
}
