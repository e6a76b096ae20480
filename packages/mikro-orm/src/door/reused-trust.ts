import type { CanonicalEmail } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { UserId } from '../user-id.ts'

/** A value that a browser holds, and what takes its place once it counted. All are hashes. */
export interface ShownTrust {
  hash: Uint8Array
  familyHash: Uint8Array
  nextHash: Uint8Array
}

// A log-in pressed twice: both requests carry the value that the first of them replaced.
const GRACE_SECONDS = 60

/** Whether the former value of a browser's row `k` still counts as its present one, at `now`. */
export function isJustRotated(browserHash: Uint8Array | null, now: Sql): Sql {
  return sql`(k.browser_hash is not distinct from ${browserHash}::bytea
    and k.trust_rotated_at > ${now} - ${GRACE_SECONDS} * interval '1 second')`
}

/** Rows `hash`, `family_hash`, `next_hash`. */
export function shownTrusts(shown: readonly ShownTrust[]): Sql {
  return sql`(select * from unnest(${shown.map(({ hash }) => hash)}::bytea[],
    ${shown.map(({ familyHash }) => familyHash)}::bytea[], ${shown.map(({ nextHash }) => nextHash)}::bytea[])
    as shown (hash, family_hash, next_hash))`
}

/**
 * Ends every trust of a user of which a former value is shown, however many came after it: its browser has another one
 * since, so whoever shows this holds a copy, or the browser is one. Nobody can tell which of the two is the owner's: both pass the challenge again,
 * and the owner is told. The user is locked; of any number of parallel calls one ends it, and one mail goes.
 *
 * @param shown The values that this browser holds.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function endReusedTrust(
  tx: Transaction,
  caller: Caller,
  owner: { userId: UserId; address: CanonicalEmail },
  shown: readonly ShownTrust[],
  browserHash: Uint8Array | null,
): Promise<void> {
  if (shown.length === 0) return
  const ended = await tx.rows(sql`
    update ${tx.tables.userKnownBrowser.name} k set
      trusted_until = null, trust_hash = null, trust_family_hash = null, former_trust_hash = null, trust_rotated_at = null
    from ${shownTrusts(shown)} s
    where k.user_id = ${owner.userId} and k.trust_family_hash = s.family_hash and k.trusted_until > ${tx.now}
      and s.hash <> k.trust_hash
      and (s.hash = k.former_trust_hash and ${isJustRotated(browserHash, tx.now)}) is not true
    returning 1`)
  if (ended.length === 0) return
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'security.trust_reused',
    outcome: 'denied',
    actorId: null,
    subjectId: owner.userId,
  })
  await enqueueNotice(tx, 'trustedBrowserCopied', { address: owner.address, eventId })
}
