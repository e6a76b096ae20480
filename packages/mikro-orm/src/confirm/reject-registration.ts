import { encodeBase64Url, type MailedToken, parseMailedToken } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, inTransaction, statement, type Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import { limitKey } from '../limits/limit-key.ts'
import type { Runtime } from '../runtime.ts'
import { isOfBrowser } from '../sessions/browser-session.ts'
import { recordTokenRefusal } from '../tokens/record-token-refusal.ts'
import { REPEAT_SECONDS } from '../tokens/repeat-seconds.ts'
import { isUsable } from '../tokens/usable-token.ts'
import type { UserId } from '../user-id.ts'

/**
 * "I didn’t register": removes an account nobody has confirmed, asked by whoever holds the mail of its address. A
 * host's own rows of that user go as their foreign keys say. A link by which that was done a moment ago is answered as the
 * first time: one press can be two requests. One whose row the sweep took did nothing, and says so.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const rejectRegistration = defineFlow(
  {
    name: 'rejectRegistration',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.confirm',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { token: unknown },
  ): Promise<{ ok: true } | { ok: false; reason: 'invalid' } | Limited> => {
    const token = parseMailedToken(runtime.ring, 'confirm', input.token)
    if (!token) return { ok: false, reason: 'invalid' }
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited

    const userId = await inTransaction(runtime, async (tx) => {
      const [removed] = await tx.rows<{ id: UserId; isSignedInHere: boolean }>(sql`
        delete from ${tx.tables.user.name} u using ${tx.tables.userToken.name} t
        where ${isUsable(token, tx.now, tx.tables)} and u.confirmed_at is null
        returning u.id::text as id, exists (select from ${tx.tables.userSession.name} s
          where s.user_id = u.id and ${isOfBrowser(caller, 's')}) as "isSignedInHere"`)
      if (!removed) return null
      if (removed.isSignedInHere) tx.afterCommit(() => caller.effects.clearSession())
      await markRemoved(tx, token)
      await recordAuditEvent(tx, caller, {
        action: 'auth.confirm',
        outcome: 'denied',
        subjectId: removed.id,
        metadata: { method: 'link', reason: 'not-mine' },
      })
      return removed.id
    })
    if (userId === null) {
      if (await wasRemoved(runtime, token)) return { ok: true }
      await recordTokenRefusal(runtime, caller, 'auth.confirm', token)
      return { ok: false, reason: 'invalid' }
    }
    return { ok: true }
  },
)

/** The link's row goes with the account: what it did is kept where limits are. */
async function markRemoved(tx: Transaction, token: MailedToken): Promise<void> {
  const { limit } = tx.tables
  await tx.rows(sql`
    insert into ${limit.name} (key, tokens, updated_at) values (${keyOf(tx.runtime, token)}, 0, ${tx.now})
    on conflict do nothing`)
}

async function wasRemoved(runtime: Runtime, token: MailedToken): Promise<boolean> {
  const rows = await statement(
    runtime,
    sql`
    select from ${runtime.tables.limit.name} where key = ${keyOf(runtime, token)}
      and updated_at > ${databaseNow(runtime)} - ${REPEAT_SECONDS} * interval '1 second'`,
  )
  return rows.length > 0
}

function keyOf(runtime: Runtime, { selector }: MailedToken): string {
  return limitKey(runtime, 'confirm.removed', encodeBase64Url(selector))
}
