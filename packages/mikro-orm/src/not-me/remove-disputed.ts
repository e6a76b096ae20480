import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Credential } from '../door/credential.ts'
import { credentialsOf } from '../door/credentials.ts'
import { deleteBackupCodes } from '../second-factor/backup-codes.ts'
import { forgetSecondStep } from '../second-factor/forget-second-step.ts'
import type { UserId } from '../user-id.ts'

/**
 * Removes the password, and the factor a notice is about. The user is locked already.
 *
 * @param eventId The event the notice is about.
 * @returns What there was to remove.
 */
export async function removeDisputed(
  tx: Transaction,
  userId: UserId,
  eventId: string | null,
): Promise<string[]> {
  const removed: string[] = []
  if (await removePassword(tx, userId)) removed.push('password')
  if (eventId === null) return removed
  for (const credential of credentialsOf(tx.runtime)) {
    if (!(await removeCredential(tx, credential, { userId, eventId }))) continue
    removed.push(credential.name)
    if (credential.name === 'second-factor') await deleteBackupCodes(tx, userId)
  }
  if (removed.some((each) => each !== 'password')) await forgetSecondStep(tx, userId)
  return removed
}

/**
 * Gone, never to be changed at the next sign-in: that would let in whoever knows it. Nothing is to be compared with
 * any more, so a sign-in that is being checked right now is refused by the door.
 */
async function removePassword(tx: Transaction, userId: UserId): Promise<boolean> {
  const [row] = await tx.rows<{ had: boolean }>(sql`
    update ${tx.tables.user.name} u set hashed_password = null, must_change_password = false,
      password_changed_at = ${tx.now}, updated_at = ${tx.now}
    from (select id, hashed_password is not null as had from ${tx.tables.user.name} where id = ${userId}) former
    where u.id = former.id
    returning former.had`)
  return row?.had ?? false
}

async function removeCredential(
  tx: Transaction,
  { table, disputed }: Credential,
  { userId, eventId }: { userId: UserId; eventId: string },
): Promise<boolean> {
  const { auditEvent, user } = tx.tables
  const rows = await tx.rows(sql`
    delete from ${table.name} f using ${user.name} u, ${auditEvent.name} e
    where u.id = ${userId} and e.id = ${eventId} and e.subject_id = u.id::text and f.user_id = u.id
      and ${disputed(tx.runtime.policy, tx.now)}
    returning 1`)
  return rows.length > 0
}
