import { maskEmail, parseMailedToken } from '@sigra/core'
import type { FlowContext } from '../context.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { RemovedByNotMe } from '../mail/mail-props.ts'
import type { Runtime } from '../runtime.ts'
import { isUsable } from '../tokens/usable-token.ts'
import { disputedBy } from './disputed.ts'

/** What the page behind "This wasn't me" says before anything happens. */
export interface NotMePage {
  maskedEmail: string
  /** The event the notice is about, by its name in the audit log; `null` when that line is gone. */
  action: string | null
  occurredAt: Date | null
  /** What the button takes away beside sessions, trusted browsers and links. */
  removes: readonly RemovedByNotMe[]
}

interface Found {
  email: string
  action: string | null
  occurredAt: number | null
  hasPassword: boolean
  hasTotp: boolean
  hasCodes: boolean
  hasPasskey: boolean
}

/**
 * Whom and what a link "This wasn't me" is about, for its page to show. Changes nothing: mail scanners open links.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function getUserByNotMeToken(
  runtime: Runtime,
  _ctx: FlowContext,
  token: unknown,
): Promise<NotMePage | null> {
  const parsed = parseMailedToken(runtime.ring, 'not-me', token)
  if (!parsed) return null
  const { auditEvent, passkeys, user, userBackupCode, userToken, userTotp } = runtime.tables
  const now = databaseNow(runtime)
  const disputed = disputedBy(runtime, now)
  const [found] = await statement<Found>(
    runtime,
    sql`
    select u.email, e.action, ${milliseconds(sql`e.occurred_at`)} as "occurredAt",
      u.hashed_password is not null as "hasPassword",
      exists (select from ${userTotp.name} f where ${disputed.totp}) as "hasTotp",
      exists (select from ${userBackupCode.name} f where ${disputed.codes}) as "hasCodes",
      ${passkeys ? sql`exists (select from ${passkeys.userPasskey.name} f where ${disputed.passkey})` : sql`false`}
        as "hasPasskey"
    from ${user.name} u, ${userToken.name} t left join ${auditEvent.name} e on e.id = t.event_id
    where ${isUsable(parsed, now)}`,
  )
  return found ? describe(found) : null
}

function describe({
  email,
  action,
  occurredAt,
  hasPassword,
  hasTotp,
  hasCodes,
  hasPasskey,
}: Found): NotMePage {
  return {
    maskedEmail: maskEmail(email),
    action,
    occurredAt: occurredAt === null ? null : new Date(occurredAt),
    removes: [
      ...(hasPassword ? (['password'] as const) : []),
      ...(hasTotp ? (['second-factor'] as const) : []),
      ...(hasCodes ? (['backup-codes'] as const) : []),
      ...(hasPasskey ? (['passkey'] as const) : []),
    ],
  }
}
