import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { type Proof, proveBackupCode, proveTotp } from '../door/proof.ts'
import { lockUser } from '../sessions/lock-user.ts'
import { countBackupCodes } from './backup-codes.ts'
import { clearFailures } from './clear-failures.ts'
import type { RightCode } from './check-code.ts'
import { notifyOwner } from './notify-owner.ts'
import type { ReservedTry } from './reserve-try.ts'

/**
 * Uses a right code up: a step of the authenticator app, or a backup code. Each is one conditional statement; of any
 * number of parallel calls with one code at most one gets the proof. The account's row of wrong codes ends with it.
 *
 * @returns `null` when it was used meanwhile, or the factor is another by now: undo the transaction then.
 */
export async function spendCode(
  tx: Transaction,
  caller: Caller,
  { userId }: ReservedTry,
  right: RightCode,
): Promise<Proof | null> {
  await lockUser(tx, userId)
  const isSpent =
    right.method === 'totp'
      ? await spendStep(tx, userId, right)
      : await spendBackup(tx, caller, userId, right)
  if (!isSpent) return null
  await clearFailures(tx, userId)
  return right.method === 'totp' ? proveTotp(userId) : proveBackupCode(userId)
}

async function spendStep(
  tx: Transaction,
  userId: ReservedTry['userId'],
  { rowId, sealedSecret, step }: Extract<RightCode, { method: 'totp' }>,
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update ${tx.tables.userTotp.name} set last_step = ${step}
    where id = ${rowId} and user_id = ${userId} and activated_at is not null and sealed_secret = ${sealedSecret}
      and (last_step is null or last_step < ${step})
    returning 1`)
  return rows.length === 1
}

async function spendBackup(
  tx: Transaction,
  caller: Caller,
  userId: ReservedTry['userId'],
  { codeHash }: Extract<RightCode, { method: 'backup-code' }>,
): Promise<boolean> {
  const [used] = await tx.rows<{ id: string }>(sql`
    update ${tx.tables.userBackupCode.name} set used_at = ${tx.now}
    where user_id = ${userId} and code_hash = ${codeHash} and used_at is null
    returning id::text as id`)
  if (!used) return false
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'mfa.backup_code_used',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    targetId: used.id,
    metadata: { codesLeft: await countBackupCodes(tx, userId) },
  })
  await notifyOwner(tx, userId, 'backupCodeUsed', eventId)
  return true
}
