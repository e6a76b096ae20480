import { Impossible, sanitizeText } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'
import type { ComingBack } from './coming-back.ts'
import { requireOauth } from './require-oauth.ts'

const MAX_NAME_LENGTH = 200

/**
 * Links an account at a provider to a user whose address is confirmed.
 *
 * @returns the id of the row. The unique issuer and subject let one in: another one undoes its transaction.
 */
export async function insertIdentity(
  tx: Transaction,
  userId: UserId,
  { provider, answer: { profile } }: Pick<ComingBack, 'provider' | 'answer'>,
): Promise<string> {
  const { identity } = requireOauth(tx.runtime).tables
  const [row] = await tx.rows<{ id: string }>(sql`
    insert into ${identity.name} (id, user_id, provider, issuer, subject, email, email_verified, display_name,
      last_used_at, created_at)
    select ${newId(tx, identity)}, ${userId}, ${provider}, ${profile.issuer}, ${profile.subject}, ${profile.email},
      ${profile.emailVerified}, ${nameOf(profile.name)}, t.now, t.now from (select ${tx.now} as now) t
    returning id::text as id`)
  if (!row) throw new Impossible('an identity was not inserted')
  return row.id
}

/** Somebody came in by it: what the provider says of them now is kept, and the attempt is over. */
export async function markUsed(
  tx: Transaction,
  id: string,
  { attemptId, answer: { profile } }: Pick<ComingBack, 'attemptId' | 'answer'>,
): Promise<void> {
  const { identity, attempt } = requireOauth(tx.runtime).tables
  await tx.rows(sql`
    with done as (update ${attempt.name} set step = 'done' where id = ${attemptId})
    update ${identity.name} set last_used_at = ${tx.now}, email = ${profile.email},
      email_verified = ${profile.emailVerified}, display_name = ${nameOf(profile.name)}
    where id = ${id}`)
}

/** Somebody else may have chosen it. */
function nameOf(name: string | null): string | null {
  return name === null ? null : sanitizeText(name, MAX_NAME_LENGTH)
}
