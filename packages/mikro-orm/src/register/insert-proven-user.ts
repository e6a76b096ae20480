import type { EntityManager } from '@mikro-orm/postgresql'
import { type EmailAddress, Impossible } from '@sigra/core'
import type { AdmittedAddress } from '../addresses/admit-address.ts'
import type { Caller } from '../caller.ts'
import { confirmedAccount } from '../confirm/confirmed-account.ts'
import { join, sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import { runAfterConfirmed, runAfterRegistered } from '../hooks.ts'
import type { UserId } from '../user-id.ts'
import type { HostColumn } from './host-fields.ts'

/** Who registers with an address that they prove by doing so. */
export interface ProvenUser {
  email: EmailAddress
  /** `null`: they sign in by something else. */
  hashedPassword: string | null
  columns: readonly HostColumn[]
  hook: ((em: EntityManager, user: { id: UserId; email: string }) => Promise<void> | void) | null
}

/**
 * Stores somebody whose address is proven in this very transaction, and whom it was admitted for: it is locked, so that nobody
 * else can have it by now.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function insertProvenUser(
  tx: Transaction,
  caller: Caller,
  admitted: AdmittedAddress,
  proven: ProvenUser,
): Promise<UserId> {
  const { email, hashedPassword, columns, hook } = proven
  const names = columns.map((column) => sql`, ${column.name}`)
  const values = columns.map((column) => sql`, ${column.value}`)
  const [row] = await tx.rows<{ id: UserId }>(sql`
    insert into ${tx.tables.user.name}
      (id, email, email_canonical, hashed_password, confirmed_at, created_at, updated_at ${join(names, sql``)})
    select ${newId(tx, tx.tables.user)}, ${email.typed}, ${admitted}, ${hashedPassword}, t.now, t.now, t.now
      ${join(values, sql``)} from (select ${tx.now} as now) t
    returning id::text as id`)
  if (!row) throw new Impossible('a user was not inserted')
  const user = { userId: row.id, address: email.canonical }
  await runAfterRegistered(tx, user)
  await hook?.(tx.em, { id: row.id, email: email.typed })
  await tx.em.flush()
  await runAfterConfirmed(tx, confirmedAccount(tx, caller, row.id, email.canonical))
  return row.id
}
