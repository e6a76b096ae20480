import type { EntityManager } from '@mikro-orm/postgresql'
import { type CanonicalEmail, type EmailAddress, Impossible } from '@sigra/core'
import { type AddressRefusal, type AdmittedAddress, admitAddress } from '../addresses/admit-address.ts'
import { confirmedAccount } from '../confirm/confirmed-account.ts'
import type { Caller } from '../caller.ts'
import { join, sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import { runAfterConfirmed, runAfterRegistered } from '../hooks.ts'
import type { HostColumn } from '../register/host-fields.ts'
import { replacePassword } from '../reset/replace-password.ts'
import type { UserId } from '../user-id.ts'

/** Who registers by a link that proves their address. */
export interface Invited {
  email: EmailAddress
  hashedPassword: string
  columns: readonly HostColumn[]
  hook: ((em: EntityManager, user: { id: UserId; email: string }) => Promise<void> | void) | null
}

interface Known {
  id: UserId
  emailCanonical: CanonicalEmail
  isConfirmed: boolean
}

/**
 * Stores whoever was invited, with an address that the link has just proven. What somebody else registered under it and never
 * proved becomes theirs: password and host fields are those typed now, and all else that was attached is gone.
 *
 * @returns `has-account` where its owner has proven it before.
 */
export async function storeInvited(
  tx: Transaction,
  caller: Caller,
  invited: Invited,
): Promise<{ userId: UserId; isNew: boolean } | AddressRefusal | 'has-account'> {
  const { canonical } = invited.email
  const admission = await admitAddress(tx, canonical, { way: 'invitation', userId: null })
  const [known] = await tx.rows<Known>(sql`
    select u.id::text as id, u.email_canonical as "emailCanonical", u.confirmed_at is not null as "isConfirmed" from ${tx.tables.user.name} u
    where u.email_canonical = ${canonical} for no key update`)
  if (known?.isConfirmed) return 'has-account'
  if (!admission.ok) return admission.reason
  if (!known) return { userId: await insertUser(tx, caller, admission.address, invited), isNew: true }
  await replacePassword(tx, caller, { ...known, userId: known.id }, invited.hashedPassword)
  await writeColumns(tx, known.id, invited.columns)
  return { userId: known.id, isNew: false }
}

async function insertUser(
  tx: Transaction,
  caller: Caller,
  admitted: AdmittedAddress,
  invited: Invited,
): Promise<UserId> {
  const { email, hashedPassword, columns, hook } = invited
  const names = columns.map((column) => sql`, ${column.name}`)
  const values = columns.map((column) => sql`, ${column.value}`)
  // Nobody else can have it by now: the address is locked.
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

async function writeColumns(tx: Transaction, userId: UserId, columns: readonly HostColumn[]): Promise<void> {
  if (columns.length === 0) return
  const values = columns.map(({ name, value }) => sql`${name} = ${value}`)
  await tx.rows(sql`update ${tx.tables.user.name} set ${join(values, sql`, `)} where id = ${userId}`)
}
