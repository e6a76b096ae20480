import { type MailedToken, parseMailedToken } from '@sigra/core'
import { recordAreaLine } from '../audit/record-area-line.ts'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import { keepAccount } from '../deletion/keep-account.ts'
import { lockUndoneAddresses, restoreAddress } from '../email-change/restore-address.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { type HookedUser, runBeforeSecured, runOnSecured } from '../hooks.ts'
import { createTokenSource, enqueueMail, enqueueNotice, readStamp } from '../mail/enqueue-mail.ts'
import { describeRequest } from '../mail/request-mail.ts'
import type { Limited } from '../flow-result.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import type { Runtime } from '../runtime.ts'
import { clearSessionOf } from '../sessions/browser-session.ts'
import { deleteSessions } from '../sessions/delete-sessions.ts'
import { knowOnlyThisBrowser } from '../sessions/known-browsers.ts'
import { consumeToken, type ConsumedToken } from '../tokens/consume-token.ts'
import { recordTokenRefusal } from '../tokens/record-token-refusal.ts'
import { repeatTokenUse } from '../tokens/repeat-token-use.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { removeDisputed } from './remove-disputed.ts'

/**
 * "This wasn't me": takes an account out of the hands it is in, asked by whoever holds the mail of its address. One
 * transaction ends everything that could act for the account, removes what a stranger knows or may have attached, and
 * mails a link to come back in. Signs nobody in.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const secureUser = defineFlow(
  {
    name: 'secureUser',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.not_me',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { token: unknown },
  ): Promise<{ ok: true } | { ok: false; reason: 'invalid-token' } | Limited> => {
    const token = parseMailedToken(runtime.ring, 'not-me', input.token)
    if (!token) return { ok: false, reason: 'invalid-token' }
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited

    const owner = await inTransaction(runtime, async (tx) => {
      await lockUndoneAddresses(tx, token)
      await lockBefore(tx, token)
      const consumed = await consumeToken(tx, caller, token, 'link')
      if (consumed) await secure(tx, caller, consumed)
      return consumed
    })
    if (!owner) {
      if (await repeatTokenUse(runtime, caller, token, 'link')) return { ok: true }
      await recordTokenRefusal(runtime, caller, 'auth.not_me', token)
      return { ok: false, reason: 'invalid-token' }
    }
    return { ok: true }
  },
)

/** What areas lock before users: the token says whose link it is, and is not looked at closer yet. */
async function lockBefore(tx: Transaction, { selector }: MailedToken): Promise<void> {
  const { user, userToken } = tx.tables
  const [owner] = await tx.rows<HookedUser>(sql`
    select u.id::text as "userId", u.email_canonical as address
    from ${userToken.name} t join ${user.name} u on u.id = t.user_id where t.selector = ${selector}`)
  if (owner) await runBeforeSecured(tx, owner)
}

async function secure(tx: Transaction, caller: Caller, owner: ConsumedToken): Promise<void> {
  const { userId, emailCanonical: current, eventId, sentTo } = owner
  const removed = await removeDisputed(tx, owner)
  const { address, undoneSince } = await restoreAddress(tx, userId, { sentTo, current })
  const isRestored = undoneSince !== null
  const isKept = await keepAccount(tx, userId)
  await clearSessionOf(tx, caller, userId)
  const sessions = await deleteSessions(tx, userId)
  await knowOnlyThisBrowser(tx, caller, userId)
  await supersedeTokens(tx, userId)
  await runOnSecured(tx, {
    userId,
    address,
    eventId,
    undoneSince,
    record: (line) => recordAreaLine(tx, caller, line, userId),
  })
  const about = { actorId: userId, subjectId: userId, outcome: 'success' } as const
  const noticeId = await recordAuditEvent(
    tx,
    caller,
    {
      ...about,
      action: 'auth.not_me',
      targetId: eventId,
      metadata: {
        method: 'link',
        sessions,
        removed: [...removed, ...(isRestored ? ['address'] : []), ...(isKept ? ['deletion'] : [])].join(' '),
      },
    },
    [
      ...(isRestored ? [{ ...about, action: 'auth.email_change_undone', targetId: eventId } as const] : []),
      ...(isKept ? [{ ...about, action: 'account.deletion_cancelled', targetId: eventId } as const] : []),
    ],
  )
  await enqueueNotice(tx, 'notMeDone', { address, eventId: noticeId })
  await enqueueMail(tx, {
    kind: 'resetPassword',
    ...describeRequest(tx.runtime, caller, address),
    requestedAt: await readStamp(tx), // after the password went: what was asked for before is dropped
    ...createTokenSource(tx.runtime),
  })
}
