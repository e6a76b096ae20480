import type { AuditEntry } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { type Proof, provePasskey } from '../door/proof.ts'
import { lockUser } from '../sessions/lock-user.ts'
import type { KnownPasskey, RightAnswer, WrongAnswer } from './check-answer.ts'
import { requirePasskeys } from './require-passkeys.ts'
import { spendChallenge } from './spend-challenge.ts'

/** The line of a passkey that was used, whatever for. */
export function describeUse({ id, userId, nickname }: KnownPasskey): AuditEntry {
  return {
    action: 'passkey.used',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    targetId: id,
    metadata: { nickname },
  }
}

/**
 * Makes a right answer count, once: its challenge is spent, and the passkey's counter goes up. The proof is for the
 * door, in this very transaction.
 *
 * @returns What is wrong after all: the same answer came before, or another one with a counter as high.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function usePasskey(tx: Transaction, answer: RightAnswer): Promise<Proof | WrongAnswer> {
  const { passkey, use, spent } = answer
  await lockUser(tx, passkey.userId)
  if (!(await spendChallenge(tx, spent))) return { ok: false, reason: 'challenge-used', passkey, spent: null }
  const counted = await countUse(tx, answer)
  if (counted === 'gone') return { ok: false, reason: 'unknown-passkey', passkey: null, spent: null }
  if (counted === 'regressed') return { ok: false, reason: 'counter-regressed', passkey, spent: null }
  return provePasskey(passkey.userId, { userVerified: use.userVerified })
}

/** One conditional update: of two uses of a copied passkey at once one comes second, and is seen. */
async function countUse(
  tx: Transaction,
  { passkey, use }: RightAnswer,
): Promise<'counted' | 'regressed' | 'gone'> {
  const { userPasskey } = requirePasskeys(tx.runtime).tables
  const rows = await tx.rows(sql`
    update ${userPasskey.name} p set counter = ${use.counter}::bigint, backed_up = ${use.backedUp}, last_used_at = ${tx.now}
    where p.id = ${passkey.id} and p.user_id = ${passkey.userId}
      and (p.counter < ${use.counter}::bigint or (p.counter = 0 and ${use.counter}::bigint = 0))
    returning 1`)
  if (rows.length === 1) return 'counted'
  const left = await tx.rows(sql`select from ${userPasskey.name} where id = ${passkey.id}`)
  return left.length === 1 ? 'regressed' : 'gone'
}
