import { deriveMailedToken, maskEmail, type MailedToken } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import { databaseNow } from '../database/transaction.ts'
import { createTokenLink } from '../mail/mail-link.ts'
import type { NoticeMail } from '../mail/mail-payload.ts'
import type { Runtime } from '../runtime.ts'

/** What the line of the audit log does not say of a change: it holds no address. */
export interface ChangeSource {
  newEmail?: string | null
  approvalKeyId?: string | null
  approvalSelector?: MailedToken['selector'] | null
}

/** Further columns beside the event `e`, for notices about a change of address. */
export function changeColumns(runtime: Runtime, { kind }: NoticeMail): Sql {
  if (kind !== 'emailChangeRequested' && kind !== 'emailChanged') return sql``
  const { userEmailChange, userToken } = runtime.tables
  const approval = (column: Sql) => sql`(select ${column} from ${userToken.name} t
    where t.event_id = e.id and t.purpose = 'approve-email' and t.user_id = u.id
      and t.superseded_at is null and t.expires_at > ${databaseNow(runtime)})`
  return sql`, (select c.new_email from ${userEmailChange.name} c
      where c.id::text = e.target_id and c.user_id = u.id) as "newEmail",
    ${approval(sql`t.key_id`)} as "approvalKeyId", ${approval(sql`t.selector`)} as "approvalSelector"`
}

/** What both notices about a change say of it. */
export function describeChange(
  runtime: Runtime,
  { newEmail, approvalKeyId, approvalSelector }: ChangeSource,
): { maskedEmail: string; approveUrl: string | null } {
  const token =
    approvalKeyId && approvalSelector
      ? deriveMailedToken(runtime.ring, 'approve-email', approvalKeyId, approvalSelector)
      : null
  return {
    maskedEmail: maskEmail(newEmail ?? ''),
    approveUrl: token && createTokenLink(runtime, 'approve-email', token),
  }
}
