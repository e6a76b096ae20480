import { type CanonicalEmail, DELETED_DOMAIN } from '@sigra/core'
import { planOwnColumns } from '../account-data/own-columns.ts'
import { holdAddress } from '../addresses/hold-address.ts'
import { recordAreaLine } from '../audit/record-area-line.ts'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { join, type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { runOnErased } from '../hooks.ts'
import type { UserId } from '../user-id.ts'
import { BY_THE_RUN } from './by-the-run.ts'
import { eraseHostRows } from './erase-host-rows.ts'
import { eraseRows } from './erase-rows.ts'
import { removeQueuedMails } from './remove-queued-mails.ts'
import { findAddressee, sayFarewell } from './say-farewell.ts'

/** Whom the run deletes. */
export interface ErasedUser {
  id: UserId
  address: CanonicalEmail
}

/**
 * Deletes an account, by the strategy of the policy, as far as one transaction can. Its address and its row are locked.
 * The audit log keeps the id, and nothing that leads from it to a person but what was written before.
 */
export async function eraseUser(tx: Transaction, { id, address }: ErasedUser): Promise<void> {
  const { strategy, holdAddressDays } = tx.runtime.policy.deletion
  const addressee = await findAddressee(tx, id)
  await eraseHostRows(tx, id)
  await runOnErased(tx, { userId: id, address, record: (line) => recordAreaLine(tx, BY_THE_RUN, line, null) })
  await removeQueuedMails(tx, id)
  await eraseRows(tx, id)
  await eraseRow(tx, id)
  if (holdAddressDays > 0 && strategy !== 'soft') {
    const until = sql`${tx.now} + ${holdAddressDays} * interval '1 day'`
    await holdAddress(tx, { address, reason: 'deleted', until, userId: null })
  }
  await recordAuditEvent(tx, BY_THE_RUN, {
    action: 'account.deleted',
    outcome: 'success',
    actorId: null,
    subjectId: id,
    metadata: { result: strategy },
  })
  if (addressee) await sayFarewell(tx, addressee)
}

async function eraseRow(tx: Transaction, id: UserId): Promise<void> {
  const { user } = tx.tables
  const { orm, entities, accountData, policy } = tx.runtime
  if (policy.deletion.strategy === 'hard') {
    await tx.rows(sql`delete from ${user.name} where id = ${id}`)
    return
  }
  if (policy.deletion.strategy === 'soft') {
    await updateRow(tx, id, withoutCredentials(tx.now))
    return
  }
  const { cleared, set } = planOwnColumns(orm, entities.User, accountData.user)
  if (Object.keys(set).length > 0) {
    await tx.em.nativeUpdate(entities.User, { id }, set, { filters: false })
  }
  await updateRow(tx, id, [...withoutCredentials(tx.now), ...nameless(tx.now), ...cleared])
}

async function updateRow(tx: Transaction, id: UserId, assignments: readonly Sql[]): Promise<void> {
  await tx.rows(sql`update ${tx.tables.user.name} set ${join(assignments, sql`, `)} where id = ${id}`)
}

/** Nobody gets in by it, and no run looks at it again. */
function withoutCredentials(now: Sql): Sql[] {
  return [
    sql`deleted_at = ${now}`,
    sql`updated_at = ${now}`,
    sql`delete_after = null`,
    sql`deletion_requested_at = null`,
    sql`deletion_requested_by = null`,
    sql`deletion_reminded_at = null`,
    sql`hashed_password = null`,
    sql`password_changed_at = null`,
    sql`password_locked_at = null`,
    sql`must_change_password = false`,
    sql`require_second_step = false`,
    sql`registration_browser_hash = null`,
    sql`webauthn_user_id = null`,
    sql`second_factor_wait_until = null`,
    sql`failed_password_count = 0`,
    sql`failed_code_count = 0`,
    sql`unknown_failed_code_count = 0`,
    sql`failed_second_factor_count = 0`,
    sql`support_allowed = null`,
  ]
}

/** Nor does it say whose it was. The address that stands there instead is reserved: nobody can have it. */
function nameless(now: Sql): Sql[] {
  const address = sql`'deleted-' || id::text || ${`@${DELETED_DOMAIN}`}`
  return [
    sql`email = ${address}`,
    sql`email_canonical = ${address}`,
    sql`confirmed_at = null`,
    sql`first_signed_in_at = null`,
    sql`disabled_at = coalesce(disabled_at, ${now})`,
  ]
}
