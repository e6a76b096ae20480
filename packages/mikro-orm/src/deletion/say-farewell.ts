import type { CanonicalEmail } from '@sigra/core'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { parseLocale } from '../locale.ts'
import { createMailId, enqueueMail, readStamp } from '../mail/enqueue-mail.ts'
import type { UserId } from '../user-id.ts'

/** Who is told that their account is gone, read before it is. */
export interface Addressee {
  address: CanonicalEmail
  email: string
  locale: string
}

/** @returns `null` where the address was never proven: it may be a stranger's. */
export async function findAddressee(tx: Transaction, id: UserId): Promise<Addressee | null> {
  const { localeColumn, defaultLocale } = tx.runtime
  const [row] = await tx.rows<{ address: CanonicalEmail; email: string; locale: unknown }>(sql`
    select u.email_canonical as address, u.email, ${localeColumn === null ? sql`null` : sql`u.${localeColumn}`} as locale
    from ${tx.tables.user.name} u where u.id = ${id} and u.confirmed_at is not null`)
  return row ? { ...row, locale: parseLocale(row.locale) ?? defaultLocale } : null
}

/** Puts the last email into the queue: it exists if and only if the account is gone. */
export async function sayFarewell(tx: Transaction, addressee: Addressee): Promise<void> {
  const deletedAt = await readStamp(tx)
  await enqueueMail(tx, { kind: 'accountDeleted', mailId: createMailId(tx.runtime), ...addressee, deletedAt })
}
