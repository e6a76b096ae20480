import { milliseconds, sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { describeBrowser } from './describe-browser.ts'
import { createMailEnvelope } from './mail-envelope.ts'
import { createPageLink } from './mail-link.ts'
import type { NoticeMail } from './mail-payload.ts'
import type { Preparation } from './prepare-mail.ts'

interface NoticeSource {
  email: string
  occurredAt: number
  ip: string | null
  userAgent: string | null
}

/** A notice about an event. It renders from the audit row; it goes to the address the user had then, or to nobody. */
export async function prepareNotice(runtime: Runtime, mail: NoticeMail): Promise<Preparation> {
  const { auditEvent, user } = runtime.tables
  const [event] = await statement<NoticeSource>(
    runtime,
    sql`
    select u.email, ${milliseconds(sql`e.occurred_at`)} as "occurredAt", e.ip, e.user_agent as "userAgent"
    from ${auditEvent.name} e join ${user.name} u on u.id::text = e.subject_id
    where e.id = ${mail.eventId} and u.email_canonical = ${mail.address}`,
  )
  if (!event) return { drop: 'no such user' }

  const occurredAt = new Date(event.occurredAt)
  const { appName } = runtime
  const envelope = { to: event.email, ...createMailEnvelope(mail.mailId, occurredAt, runtime.origin) }
  const resetUrl = createPageLink(runtime, 'reset-password')
  if (mail.kind === 'signInBlocked') {
    return { send: { kind: mail.kind, ...envelope, props: { appName, occurredAt, resetUrl } } }
  }
  const browser = describeBrowser(event.userAgent)
  const address = event.ip ?? 'unknown'
  return {
    send: { kind: mail.kind, ...envelope, props: { appName, occurredAt, browser, address, resetUrl } },
  }
}
