import type { ProviderProfile } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'
import { requireOauth } from './require-oauth.ts'

/** Whose account at a provider it is. */
export interface KnownIdentity {
  id: string
  userId: UserId
}

/**
 * Who it is that a provider names, by issuer and subject alone: an address can be somebody else's tomorrow. The user is locked, so
 * that whoever unlinks it meanwhile comes wholly before or wholly after.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function findIdentity(
  tx: Transaction,
  { issuer, subject }: ProviderProfile,
): Promise<KnownIdentity | null> {
  const { identity } = requireOauth(tx.runtime).tables
  const [row] = await tx.rows<KnownIdentity>(sql`
    select i.id::text as id, u.id::text as "userId"
    from ${identity.name} i join ${tx.tables.user.name} u on u.id = i.user_id
    where i.issuer = ${issuer} and i.subject = ${subject}
    for no key update of u`)
  return row ?? null
}
