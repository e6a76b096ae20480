import { parseId } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'
import type { ActingMember } from './acting-member.ts'
import { requireOrganizations } from './require-organizations.ts'

/** There is none, or they are another organization's: the same. */
export interface UnknownMember {
  ok: false
  reason: 'unknown-member'
}

/** Every organization has an owner, and this would be the last. */
export interface LastOwner {
  ok: false
  reason: 'last-owner'
}

export interface Member {
  id: string
  userId: UserId
  role: string
}

export const unknownMember: UnknownMember = { ok: false, reason: 'unknown-member' }

export const lastOwner: LastOwner = { ok: false, reason: 'last-owner' }

/** A member of the organization that somebody acts in, by the id of the membership. */
export async function findMember(
  tx: Transaction,
  { organization }: Pick<ActingMember, 'organization'>,
  memberId: unknown,
): Promise<Member | null> {
  const { membership } = requireOrganizations(tx.runtime).tables
  const id = parseId(tx.tables, memberId)
  if (id === null) return null
  const [member] = await tx.rows<Member>(sql`
    select m.id::text as id, m.user_id::text as "userId", m.role from ${membership.name} m
    where m.id = ${id} and m.organization_id = ${organization.id}`)
  return member ?? null
}
