import type { Brand, CanonicalEmail, EmailAddress } from '@sigra/core'
import { join, type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { FieldReason } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { addressDigests } from './address-digests.ts'
import { lockAddresses } from './lock-addresses.ts'

/**
 * An address that somebody may have in the transaction that asked. No value but this is written to `email_canonical` of a
 * user, so whoever gives an address away has asked.
 */
export type AdmittedAddress = Brand<CanonicalEmail, 'AdmittedAddress'>

/** How somebody comes by an address. */
export type AddressWay = 'registration' | 'provider' | 'invitation' | 'change' | 'undo' | 'import'

/** Who is to have the address. */
export interface AddressClaim {
  way: AddressWay
  /** Whose account it is; `null` where there is none yet. What is held for them is theirs. */
  userId: UserId | null
}

/**
 * `held`: somebody else's for a while, and to be answered like a taken one. `domain` is public. `closed` and `not-invited`
 * tell the visitor nothing beyond what the policy says of itself.
 */
export type AddressRefusal = 'domain' | 'closed' | 'not-invited' | 'held'

export type AddressAdmission = { ok: true; address: AdmittedAddress } | { ok: false; reason: AddressRefusal }

interface Asked {
  /** Whether `policy.registration.mode` has a say: the others are here already, or somebody lets them in. */
  mode: boolean
  /** Whether `policy.registration.domains` has. An undo gives back what somebody had. */
  domain: boolean
}

const ways: Readonly<Record<AddressWay, Asked>> = {
  registration: { mode: true, domain: true },
  provider: { mode: true, domain: true },
  invitation: { mode: true, domain: true },
  change: { mode: false, domain: true },
  undo: { mode: false, domain: false },
  import: { mode: false, domain: false },
}

/**
 * Whether somebody may have an address. The **one** function that says so: whoever writes `email_canonical` of a user
 * asks it in the same transaction, before any row of `users` is locked. It locks the address, and in a statement of its
 * own reads what was committed meanwhile: one statement alone would not see a hold that another transaction had just made.
 * Whether the address is taken is for the unique column to say. It costs two statements whatever it answers.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function admitAddress(
  tx: Transaction,
  address: CanonicalEmail,
  by: AddressClaim,
): Promise<AddressAdmission> {
  await lockAddresses(tx, [address])
  const { isHeld, isInvited } = await readAddress(tx, address, by.userId)
  const { mode } = tx.runtime.policy.registration
  const asked = ways[by.way]
  if (asked.domain && !isDomainAdmitted(tx.runtime, address)) return { ok: false, reason: 'domain' }
  if (asked.mode && mode === 'closed') return { ok: false, reason: 'closed' }
  if (asked.mode && mode === 'invited' && !isInvited) return { ok: false, reason: 'not-invited' }
  if (isHeld) return { ok: false, reason: 'held' }
  return { ok: true, address: address as AdmittedAddress }
}

/**
 * What a form says of an address that nobody may have, whoever they are; `null` of one that somebody may. It reads nothing:
 * the rule is public, and asked before anything else is.
 */
export function refuseAddress(
  runtime: Pick<Runtime, 'policy'>,
  email: EmailAddress | null,
): FieldReason | null {
  if (email === null) return { reason: 'not-an-email-address' }
  if (isDomainAdmitted(runtime, email.canonical)) return null
  return { reason: 'other-domain', domains: runtime.policy.registration.domains }
}

/** Exact: `example.com` says nothing about `mail.example.com`. */
function isDomainAdmitted({ policy }: Pick<Runtime, 'policy'>, address: CanonicalEmail): boolean {
  const { domains } = policy.registration
  return domains.length === 0 || domains.includes(address.slice(address.lastIndexOf('@') + 1))
}

async function readAddress(
  tx: Transaction,
  address: CanonicalEmail,
  userId: UserId | null,
): Promise<{ isHeld: boolean; isInvited: boolean }> {
  const digests = addressDigests(tx.runtime, address).map(({ digest }) => digest)
  const [row] = await tx.rows<{ isHeld: boolean; isInvited: boolean }>(sql`
    select exists (
        select from ${tx.tables.userAddressHold.name} h
        where h.digest = any(${digests}::bytea[]) and h.held_until > ${tx.now}
          and (h.user_id is null or h.user_id::text is distinct from ${userId}::text)
      ) as "isHeld", ${isInvited(tx, address)} as "isInvited"`)
  return row ?? { isHeld: true, isInvited: false }
}

/** An open invitation of any area. Without an area that invites, nobody is invited. */
function isInvited(tx: Transaction, address: CanonicalEmail): Sql {
  const invitations = tx.runtime.areas.flatMap(({ isInvited: asked }) =>
    asked === undefined ? [] : [sql`(${asked(sql`${address}::text`, tx.now)})`],
  )
  return invitations.length === 0 ? sql`false` : join(invitations, sql` or `)
}
