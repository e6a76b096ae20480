import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { parseRowId } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { renewSession } from '../door/renew-session.ts'
import { hasWayInWithout } from '../door/sign-in-ways.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import type { Runtime } from '../runtime.ts'
import { forgetSecondStep } from '../second-factor/forget-second-step.ts'
import { notifyOwner } from '../second-factor/notify-owner.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import { endOtherSessions } from '../sessions/delete-sessions.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { requirePasskeys } from './require-passkeys.ts'

export type RemovePasskeyResult =
  | { ok: true }
  /** Removed already, or somebody else's: the same. */
  | { ok: false; reason: 'unknown' }
  /** There is neither a password nor another credential to sign in by. A mailbox is for recovery; it does not count. */
  | { ok: false; reason: 'last-way' }
  | Limited

/**
 * Takes a passkey off the signed-in user's account, unless they could sign in by nothing else. Whatever could act under
 * it ends in the same transaction: other sessions, trusted browsers, mailed links. Where nothing is left to be asked for
 * as a second step, the wish for one and its codes go as well. This session goes on under a new token, and the owner is
 * told.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const removeUserPasskey = defineFlow(
  {
    name: 'removeUserPasskey',
    principal: 'session',
    changes: true,
    sudo: 'remove-passkey',
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: SudoCaller,
    input: { passkeyId: unknown },
  ): Promise<RemovePasskeyResult> => {
    requirePasskeys(runtime)
    const { session } = caller
    const limited = await chargeCredentialChange(runtime, caller, session.userId)
    if (limited) return limited
    const passkeyId = parseRowId(input.passkeyId)
    if (passkeyId === null) return { ok: false, reason: 'unknown' }
    return inSessionTransaction<RemovePasskeyResult>(runtime, session, async (tx, own) => {
      const nickname = await deletePasskey(tx, own, passkeyId)
      if (nickname === null) return { ok: false, reason: await explain(tx, own, passkeyId) }
      await forgetSecondStep(tx, session.userId)
      await supersedeTokens(tx, session.userId)
      const sessions = await endOtherSessions(tx, own)
      await renewSession(tx, caller, own)
      const eventId = await recordAuditEvent(tx, caller, {
        action: 'passkey.removed',
        outcome: 'success',
        subjectId: session.userId,
        targetId: passkeyId,
        metadata: { nickname, sessions },
      })
      await notifyOwner(tx, session.userId, 'passkeyRemoved', eventId)
      return { ok: true }
    })
  },
)

/** Under the user's lock, so that of two passkeys removed at once the second is the last one (race-tested). */
async function deletePasskey(
  tx: Transaction,
  { userId }: ContinuedSession,
  passkeyId: string,
): Promise<string | null> {
  const { userPasskey } = requirePasskeys(tx.runtime).tables
  const [row] = await tx.rows<{ nickname: string }>(sql`
    delete from ${userPasskey.name} p using ${tx.tables.user.name} u
    where p.id::text = ${passkeyId} and p.user_id = ${userId} and u.id = p.user_id
      and ${hasWayInWithout(tx.runtime, { table: userPasskey, id: sql`p.id` })}
    returning p.nickname`)
  return row?.nickname ?? null
}

async function explain(
  tx: Transaction,
  { userId }: ContinuedSession,
  passkeyId: string,
): Promise<'unknown' | 'last-way'> {
  const { userPasskey } = requirePasskeys(tx.runtime).tables
  const left = await tx.rows(sql`
    select from ${userPasskey.name} where id::text = ${passkeyId} and user_id = ${userId}`)
  return left.length === 0 ? 'unknown' : 'last-way'
}
