import type { CanonicalEmail } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Credential } from '../door/credential.ts'
import { credentialsOf } from '../door/credentials.ts'
import { deleteBackupCodes } from '../second-factor/backup-codes.ts'
import { suspectSince } from '../email-change/undoable-change.ts'
import { forgetSecondStep } from '../second-factor/forget-second-step.ts'
import type { Policy } from '../policy.ts'
import type { UserId } from '../user-id.ts'

/** What the notice was about whose link was used, and where it was sent. */
export interface DisputedNotice {
  userId: UserId
  /** `null` when that line of the audit log is gone. */
  eventId: string | null
  sentTo: CanonicalEmail
}

/**
 * Removes the password, the factor a notice is about, and where a change of address is undone by it, every factor added
 * since that became suspect. The user is locked already, and the change not yet undone.
 *
 * @returns What there was to remove.
 */
export async function removeDisputed(tx: Transaction, notice: DisputedNotice): Promise<string[]> {
  const { userId } = notice
  const removed: string[] = []
  if (await removePassword(tx, userId)) removed.push('password')
  for (const credential of credentialsOf(tx.runtime)) {
    if (!(await removeCredential(tx, credential, notice))) continue
    removed.push(credential.name)
    if (credential.name === 'second-factor') await deleteBackupCodes(tx, userId)
  }
  if (removed.some((each) => each !== 'password')) await forgetSecondStep(tx, userId)
  return removed
}

/**
 * Which rows of a credential a link may take away for what it is about, as long as a notice of that itself could: somebody
 * disputes what is older, too, and whoever only reads the mail must not get rid of the factor that keeps them out.
 */
export function isDisputed({ disputed }: Credential, policy: Policy, now: Sql): Sql {
  return sql`(e.occurred_at > ${now} - ${policy.notMe.linkDays} * interval '1 day' and (${disputed(policy, now)}))`
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
  credential: Credential,
  { userId, eventId, sentTo }: DisputedNotice,
): Promise<boolean> {
  const { table, addedAt } = credential
  const { auditEvent, user } = tx.tables
  const rows = await tx.rows(sql`
    delete from ${table.name} f
    using ${user.name} u left join ${auditEvent.name} e on e.id = ${eventId}::uuid and e.subject_id = u.id::text
    where u.id = ${userId} and f.user_id = u.id and (${isDisputed(credential, tx.runtime.policy, tx.now)}
      or ${addedAt} >= ${suspectSince(tx.runtime, sql`${sentTo}::varchar`, tx.now)})
    returning 1`)
  return rows.length > 0
}
