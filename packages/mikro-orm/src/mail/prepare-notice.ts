import { deriveMailedToken, type MailedToken, parseSelector } from '@sigra/core'
import type { UserId } from '../context.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { insertToken } from '../tokens/insert-token.ts'
import { isStillUsable } from '../tokens/usable-token.ts'
import { describeDisputableNotice, describePlainNotice, type NoticeSource } from './describe-notice.ts'
import { asStamp } from './enqueue-mail.ts'
import type { DisputableNotice, NoticeMail, PlainNotice } from './mail-payload.ts'
import type { Preparation } from './prepare-mail.ts'

interface NoticeEvent extends NoticeSource {
  userId: UserId
  /** When it happened, uncut: the life of the link counts from here. */
  stamp: string
}

/** A notice about an event. It renders from the audit row; it goes to the address the user had then, or to nobody. */
export async function prepareNotice(runtime: Runtime, mail: NoticeMail): Promise<Preparation> {
  return 'selector' in mail ? prepareDisputableNotice(runtime, mail) : preparePlainNotice(runtime, mail)
}

async function preparePlainNotice(runtime: Runtime, mail: PlainNotice): Promise<Preparation> {
  const event = await inTransaction(runtime, (tx) => lockSubject(tx, mail))
  return event ? { send: describePlainNotice(runtime, mail, event) } : { drop: 'no such user' }
}

async function prepareDisputableNotice(runtime: Runtime, mail: DisputableNotice): Promise<Preparation> {
  const selector = parseSelector(mail.selector)
  const token = selector && deriveMailedToken(runtime.ring, 'not-me', mail.keyId, selector)
  if (!token) return { retry: 'unknown key id' } // in a rolling deploy another attempt will find the key
  return inTransaction(runtime, async (tx) => {
    const event = await lockSubject(tx, mail)
    if (!event) return { drop: 'no such user' }
    await storeToken(tx, mail, event, token)
    if (!(await isStillUsable(tx, token))) return { drop: 'link used or too old' }
    return { send: describeDisputableNotice(runtime, mail, event, token) }
  })
}

/** Locks the user before any token of theirs, as every flow does. */
async function lockSubject(tx: Transaction, mail: NoticeMail): Promise<NoticeEvent | null> {
  const { auditEvent, user } = tx.tables
  const [event] = await tx.rows<NoticeEvent>(sql`
    select u.id::text as "userId", u.email, ${milliseconds(sql`e.occurred_at`)} as "occurredAt",
      ${asStamp(sql`e.occurred_at`)} as stamp, e.ip, e.user_agent as "userAgent", e.metadata
    from ${user.name} u join ${auditEvent.name} e on e.subject_id = u.id::text
    where e.id = ${mail.eventId} and u.email_canonical = ${mail.address}
    for no key update of u`)
  return event ?? null
}

async function storeToken(
  tx: Transaction,
  { address, eventId }: DisputableNotice,
  { userId, stamp }: NoticeEvent,
  token: MailedToken,
): Promise<void> {
  const lifeMinutes = tx.runtime.policy.notMe.linkDays * 24 * 60
  // Bound to no browser: whoever did it was in one, and the owner may read mail in any.
  const row = { token, userId, sentTo: address, requestedAt: stamp, lifeMinutes, browserHash: null, eventId }
  await insertToken(tx, row)
}
