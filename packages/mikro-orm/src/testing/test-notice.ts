import { parseEmail } from '@sigra/core'
import { type AuditEntry, recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { DisputableNoticeKind } from '../mail/mail-kinds.ts'
import { createTestCaller } from './test-caller.ts'
import { deliverMail, tokenOf } from './test-mail.ts'
import type { TestRuntime } from './test-runtime.ts'

type NoticedEntry = Pick<AuditEntry, 'action' | 'targetId' | 'metadata'>

/** Lets something happen to an account, and takes the token out of the notice's link "This wasn't me". */
export async function receiveNotice(
  test: TestRuntime,
  user: { email: string },
  kind: DisputableNoticeKind = 'passwordChanged',
  entry?: NoticedEntry,
): Promise<string> {
  const received = await receiveNotices(test, user, kind, entry)
  const own = received.find(({ to }) => to === user.email)
  if (!own) throw new Error(`no notice to ${user.email}`)
  return own.token
}

/** The same at every address that it goes to. */
export async function receiveNotices(
  test: TestRuntime,
  user: { email: string },
  kind: DisputableNoticeKind = 'passwordChanged',
  entry: NoticedEntry = { action: 'auth.password_changed' },
): Promise<{ to: string; token: string }[]> {
  const address = parseEmail(user.email)?.canonical
  const [row] = await test.rows<{ id: string }>(
    sql`select id::text as id from ${test.runtime.tables.user.name} where email_canonical = ${address}`,
  )
  if (!address || !row) throw new Error('no such user')
  await inTransaction(test.runtime, async (tx) => {
    const subjectId = row.id
    const eventId = await recordAuditEvent(tx, createTestCaller(), {
      outcome: 'success',
      subjectId,
      ...entry,
    })
    await enqueueNotice(tx, kind, { address, eventId })
  })
  const { sent } = await deliverMail(test)
  return sent.flatMap((mail) =>
    mail.kind === kind && 'notMeUrl' in mail.props
      ? [{ to: mail.to, token: tokenOf(mail.props.notMeUrl) }]
      : [],
  )
}
