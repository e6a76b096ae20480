import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { confirmedAccount } from '../confirm/confirmed-account.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { runAfterConfirmed } from '../hooks.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import { isOfBrowser } from '../sessions/browser-session.ts'
import type { ConsumedToken } from '../tokens/consume-token.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { noFailedCodes } from '../tokens/failed-codes.ts'

/**
 * Confirms the address of someone who holds its mail and proved the password chosen at registration, which stays, or
 * chose it in this very browser. Signs nobody in, which is `confirmHere`; what was signed in before the proof, elsewhere, is not any more.
 */
export async function completeConfirmation(
  tx: Transaction,
  caller: Caller,
  owner: ConsumedToken,
  method: 'link' | 'code' | 'password',
): Promise<void> {
  const { userId } = owner
  const confirmed = await tx.rows(sql`
    update ${tx.tables.user.name} set confirmed_at = ${tx.now}, ${noFailedCodes}, updated_at = ${tx.now}
    where id = ${userId} and confirmed_at is null returning 1`)
  if (confirmed.length > 0)
    await runAfterConfirmed(tx, confirmedAccount(tx, caller, userId, owner.emailCanonical))
  await supersedeTokens(tx, userId, 'confirm')
  const sessions = await tx.rows(sql`
    delete from ${tx.tables.userSession.name} s
    where s.user_id = ${userId} and ${isOfBrowser(caller, 's')} is not true returning 1`)
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'auth.confirm',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    metadata: { method, sessions: sessions.length },
  })
  await enqueueNotice(tx, 'addressConfirmed', { address: owner.emailCanonical, eventId })
}
