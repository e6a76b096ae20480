import type { CanonicalEmail } from '@sigra/core'
import { type AddressRefusal, admitAddress } from '../addresses/admit-address.ts'
import type { Caller } from '../caller.ts'
import { join, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { HostColumn } from '../register/host-fields.ts'
import { insertProvenUser, type ProvenUser } from '../register/insert-proven-user.ts'
import { replacePassword } from '../reset/replace-password.ts'
import type { UserId } from '../user-id.ts'

/** Who registers by a link that proves their address. */
export interface Invited extends ProvenUser {
  hashedPassword: string
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
  if (!known) return { userId: await insertProvenUser(tx, caller, admission.address, invited), isNew: true }
  await replacePassword(tx, caller, { ...known, userId: known.id }, invited.hashedPassword)
  await writeColumns(tx, known.id, invited.columns)
  return { userId: known.id, isNew: false }
}

async function writeColumns(tx: Transaction, userId: UserId, columns: readonly HostColumn[]): Promise<void> {
  if (columns.length === 0) return
  const values = columns.map(({ name, value }) => sql`${name} = ${value}`)
  await tx.rows(sql`update ${tx.tables.user.name} set ${join(values, sql`, `)} where id = ${userId}`)
}
