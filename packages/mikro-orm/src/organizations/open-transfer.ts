import { milliseconds, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { isTransferOpen } from './is-transfer-open.ts'
import { requireOrganizations } from './require-organizations.ts'

/** Until a transfer can no longer be undone, what would be in the way of that is refused. */
export interface TransferOpen {
  ok: false
  reason: 'transfer-open'
  undoUntil: Date
}

/**
 * What an organization that was handed over does not take for a while, under its lock.
 *
 * @param memberId Whose membership it is about: as long as it can be undone, whoever handed it over stays. @default whosesoever
 */
export async function findOpenTransfer(
  tx: Transaction,
  organizationId: string,
  memberId?: string,
): Promise<TransferOpen | null> {
  const { membership, organization } = requireOrganizations(tx.runtime).tables
  const isGiver = sql`exists (select from ${membership.name} m
    where m.id = ${memberId ?? null} and m.organization_id = o.id and m.user_id::text = o.transferred_by)`
  const [row] = await tx.rows<{ until: number }>(sql`
    select ${milliseconds(sql`o.transfer_undo_until`)} as until from ${organization.name} o
    where o.id = ${organizationId} and ${isTransferOpen(tx.now)} and ${memberId === undefined ? sql`true` : isGiver}`)
  return row ? { ok: false, reason: 'transfer-open', undoUntil: new Date(row.until) } : null
}
