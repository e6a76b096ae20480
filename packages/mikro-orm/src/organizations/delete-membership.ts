import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { mayGiveUp } from './another-owner.ts'
import { requireOrganizations } from './require-organizations.ts'

/**
 * Ends a membership, under the organization's lock.
 *
 * @returns `false` where it is the last owner's.
 */
export async function deleteMembership(tx: Transaction, memberId: string): Promise<boolean> {
  const area = requireOrganizations(tx.runtime)
  const gone = await tx.rows(sql`
    delete from ${area.tables.membership.name} m
    where m.id = ${memberId} and ${mayGiveUp(tx, area)}
    returning 1`)
  return gone.length > 0
}
