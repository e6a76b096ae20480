import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { ActingMember } from './acting-member.ts'
import { mayGiveUp } from './another-owner.ts'
import { type LastOwner, lastOwner } from './find-member.ts'
import { findOpenTransfer, type TransferOpen } from './open-transfer.ts'
import { requireOrganizations } from './require-organizations.ts'

/**
 * Ends a membership, under the organization's lock.
 *
 * @returns Why not: it is the last owner's, or of whoever handed the organization over, while that can be undone.
 */
export async function deleteMembership(
  tx: Transaction,
  { organization }: Pick<ActingMember, 'organization'>,
  memberId: string,
): Promise<LastOwner | TransferOpen | null> {
  const area = requireOrganizations(tx.runtime)
  const open = await findOpenTransfer(tx, organization.id, memberId)
  if (open !== null) return open
  const gone = await tx.rows(sql`
    delete from ${area.tables.membership.name} m
    where m.id = ${memberId} and ${mayGiveUp(tx, area)}
    returning 1`)
  return gone.length > 0 ? null : lastOwner
}
