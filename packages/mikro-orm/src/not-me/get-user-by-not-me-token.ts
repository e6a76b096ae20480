import { type CanonicalEmail, maskEmail, parseMailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { join, milliseconds, sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { credentialsOf } from '../door/credentials.ts'
import { suspectSince, typedFormer } from '../email-change/undoable-change.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { type ComesBack, runComesBack } from '../hooks.ts'
import type { RemovedByNotMe } from '../mail/mail-props.ts'
import type { Runtime } from '../runtime.ts'
import { isUsable } from '../tokens/usable-token.ts'
import type { UserId } from '../user-id.ts'
import { isDisputed } from './remove-disputed.ts'

/** What the page behind "This wasn't me" says before anything happens. */
export interface NotMePage {
  maskedEmail: string
  /** The event the notice is about, by its name in the audit log; `null` when that line is gone. */
  action: string | null
  occurredAt: Date | null
  /** What the button takes away beside sessions, trusted browsers and links. */
  removes: readonly RemovedByNotMe[]
  /** The address that the button gives back, masked; `null` where it is theirs. */
  restores: string | null
  /** The button ends a deletion of the account that lies ahead. */
  keepsAccount: boolean
  /** What it gives back beside the account, by areas. */
  comesBack: readonly ComesBack[]
}

interface Found {
  userId: UserId
  address: CanonicalEmail
  email: string
  action: string | null
  occurredAt: number | null
  removes: RemovedByNotMe[]
  restores: string | null
  keepsAccount: boolean
}

/**
 * Whom and what a link "This wasn't me" is about, for its page to show. Changes nothing: mail scanners open links.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getUserByNotMeToken = defineFlow(
  {
    name: 'getUserByNotMeToken',
    principal: 'mail',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, _ctx: Caller, token: unknown): Promise<NotMePage | null> => {
    const parsed = parseMailedToken(runtime.ring, 'not-me', token)
    if (!parsed) return null
    return inTransaction(runtime, async (tx) => {
      const { auditEvent, user, userToken } = tx.tables
      const disputed = credentialsOf(runtime).map(
        (each) => sql`case when exists (select from ${each.table.name} f
        where f.user_id = u.id and (${isDisputed(each, runtime.policy, tx.now)}
          or ${each.addedAt} >= ${suspectSince(runtime, sql`t.sent_to`, tx.now)})) then ${each.name}::text end`,
      )
      const [found] = await tx.rows<Found>(sql`
        select u.id as "userId", u.email_canonical as address, u.email, e.action,
          ${milliseconds(sql`e.occurred_at`)} as "occurredAt",
          array_remove(array[case when u.hashed_password is not null then 'password' end, ${join(disputed, sql`, `)}], null)
            as removes,
          case when u.email_canonical <> t.sent_to then ${typedFormer(runtime.tables, sql`t.sent_to`, tx.now)} end as restores,
          u.delete_after is not null as "keepsAccount"
        from ${user.name} u, ${userToken.name} t left join ${auditEvent.name} e on e.id = t.event_id
        where ${isUsable(parsed, tx.now, runtime.tables)}`)
      if (!found) return null
      const { userId, address, ...page } = found
      return { ...describe(page), comesBack: await runComesBack(tx, { userId, address }) }
    })
  },
)

function describe({ email, occurredAt, restores, ...page }: Omit<Found, 'userId' | 'address'>) {
  return {
    ...page,
    restores: restores === null ? null : maskEmail(restores),
    maskedEmail: maskEmail(email),
    occurredAt: occurredAt === null ? null : new Date(occurredAt),
  }
}
