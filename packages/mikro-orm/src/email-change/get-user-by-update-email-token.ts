import { maskEmail, parseMailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { findToken } from '../tokens/find-token.ts'
import { isPending } from './pending-change.ts'

/** What the page behind a link of a change of address shows. */
export interface UpdateEmailPage {
  /**
   * `confirm`: whoever is signed in can take the address. `log-in`: nobody is signed in here. `other-account`: somebody
   * else is. `approve`: the old mailbox is asked. `approved`: it has said yes. `done`: the address is theirs already.
   */
  step: 'confirm' | 'log-in' | 'other-account' | 'approve' | 'approved' | 'done'
  /** The new address: in full for its owner, masked for everybody else. */
  email: string
}

/**
 * What a link of a change of address is about. Changes nothing: mail scanners open links.
 *
 * @returns `null` for a link that is used, replaced, cancelled or too old.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getUserByUpdateEmailToken = defineFlow(
  {
    name: 'getUserByUpdateEmailToken',
    principal: 'mail',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller, token: unknown): Promise<UpdateEmailPage | null> => {
    const approval = parseMailedToken(runtime.ring, 'approve-email', token)
    const parsed = approval ?? parseMailedToken(runtime.ring, 'change-email', token)
    if (!parsed) return null
    const found = await findToken(runtime, parsed)
    const change = found && (await findNext(runtime, found.userId))
    if (found && change) {
      if (approval) return { step: 'approve', email: maskEmail(change) }
      const signedIn = caller.session?.awaiting === null ? caller.session.userId : null
      if (signedIn === found.userId) return { step: 'confirm', email: change }
      return { step: signedIn === null ? 'log-in' : 'other-account', email: maskEmail(change) }
    }
    return approval ? findApproved(runtime, parsed.selector) : findDone(runtime, caller, parsed.selector)
  },
)

async function findNext(runtime: Runtime, userId: string): Promise<string | null> {
  const [row] = await statement<{ next: string }>(
    runtime,
    sql`select c.new_email as next from ${runtime.tables.userEmailChange.name} c
      where c.user_id = ${userId} and c.confirmed_at is null and c.cancelled_at is null`,
  )
  return row?.next ?? null
}

/** The old mailbox said yes by this link, and the new one has not been proven yet. */
async function findApproved(runtime: Runtime, selector: Uint8Array): Promise<UpdateEmailPage | null> {
  const { userEmailChange, userToken } = runtime.tables
  const now = databaseNow(runtime)
  const [row] = await statement<{ next: string }>(
    runtime,
    sql`select c.new_email as next from ${userToken.name} t join ${userEmailChange.name} c on c.user_id = t.user_id
      where t.selector = ${selector} and t.purpose = 'approve-email' and t.used_at is not null
        and c.approved_at is not null and t.created_at >= c.requested_at and ${isPending(now)}`,
  )
  return row ? { step: 'approved', email: maskEmail(row.next) } : null
}

/** The button was pressed twice, or the link opened once more: there is nothing wrong. */
async function findDone(
  runtime: Runtime,
  { session }: Caller,
  selector: Uint8Array,
): Promise<UpdateEmailPage | null> {
  if (session?.awaiting !== null) return null
  const { user, userToken } = runtime.tables
  const [row] = await statement<{ email: string }>(
    runtime,
    sql`select u.email from ${userToken.name} t join ${user.name} u on u.id = t.user_id
      where t.selector = ${selector} and t.purpose = 'change-email' and t.used_at is not null
        and t.expires_at > ${databaseNow(runtime)}
        and u.id = ${session.userId} and u.email_canonical = t.sent_to`,
  )
  return row ? { step: 'done', email: row.email } : null
}
