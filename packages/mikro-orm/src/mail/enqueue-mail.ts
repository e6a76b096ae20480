import { type CanonicalEmail, createSelector, createUuidV7, encodeBase64Url, Impossible } from '@sigra/core'
import { sql, type Sql } from '../database/sql.ts'
import { databaseNow, statement, type Transaction } from '../database/transaction.ts'
import { isUndoable } from '../email-change/undoable-change.ts'
import type { Runtime } from '../runtime.ts'
import { mailJobKey } from './mail-job-key.ts'
import { isDisputableNotice, type NoticeKind, type PlainNoticeKind } from './mail-kinds.ts'
import { MAIL_TASK, type MailPayload, type RequestedMail, type TokenSource } from './mail-payload.ts'

type Unstamped<Mail> = Mail extends RequestedMail ? Omit<Mail, 'requestedAt'> : never

/** Puts a mail into the queue, on the transaction's own connection: the mail exists if and only if it commits. */
export async function enqueueMail(tx: Transaction, mail: MailPayload): Promise<void> {
  await tx.rows(addJob(sql`${JSON.stringify(mail)}::json`, mailJobKey(mail)))
}

/**
 * Tells a user about an event, at the address they have now. What could be disputed is told at every address, too, that a
 * change of theirs could give back: whoever took the account over must not silence its notices by changing the address.
 */
export async function enqueueNotice(
  tx: Transaction,
  kind: NoticeKind,
  notice: { address: CanonicalEmail; eventId: string },
): Promise<void> {
  await enqueueNoticeTo(tx, kind, notice)
  if (!isDisputableNotice(kind, tx.runtime.areas)) return
  const { user, userEmailChange } = tx.tables
  const former = await tx.rows<{ address: CanonicalEmail }>(sql`
    select distinct c.old_email_canonical as address
    from ${user.name} u join ${userEmailChange.name} c on c.user_id = u.id
    where u.email_canonical = ${notice.address} and c.old_email_canonical <> u.email_canonical
      and ${isUndoable(tx.now)}
    order by 1`)
  for (const { address } of former) await enqueueNoticeTo(tx, kind, { ...notice, address })
}

/**
 * Tells one address about an event, an address of the user's. What the mail says is read from the event's audit row; its
 * link "This wasn't me" is derived when it is sent.
 */
export async function enqueueNoticeTo(
  tx: Transaction,
  kind: NoticeKind,
  notice: { address: CanonicalEmail; eventId: string },
): Promise<void> {
  const mail = { mailId: createMailId(tx.runtime), ...notice }
  await enqueueMail(
    tx,
    isDisputableNotice(kind, tx.runtime.areas)
      ? { kind, ...mail, ...createTokenSource(tx.runtime) }
      : { kind, ...mail },
  )
}

/** Tells many about one event of which nothing can be disputed, in one statement. */
export async function enqueueNoticeToEach(
  tx: Transaction,
  kind: PlainNoticeKind,
  { addresses, eventId }: { addresses: readonly CanonicalEmail[]; eventId: string },
): Promise<void> {
  if (addresses.length === 0) return
  const mails = addresses.map((address) =>
    JSON.stringify({ kind, mailId: createMailId(tx.runtime), address, eventId }),
  )
  await tx.rows(sql`select from unnest(${mails}::text[]) mail,
    graphile_worker.add_job(identifier := ${MAIL_TASK}, payload := mail::json)`)
}

/** What the link of a new token row will be derived from. */
export function createTokenSource(runtime: Runtime): TokenSource {
  return { keyId: runtime.ring.currentKeyId, selector: encodeBase64Url(createSelector()) }
}

/**
 * Puts a mail into the queue that nothing else depends on, stamped with the database's time: one statement.
 *
 * @param write Where it is run. @default by itself
 */
export async function enqueueRequestedMail(
  runtime: Runtime,
  mail: Unstamped<MailPayload>,
  write = (query: Sql) => statement(runtime, query),
): Promise<void> {
  const stamp = sql`jsonb_build_object('requestedAt', ${asStamp(databaseNow(runtime))})`
  await write(addJob(sql`(${JSON.stringify(mail)}::jsonb || ${stamp})::json`, mailJobKey(mail)))
}

/**
 * The database's time as a payload holds it: text, because a JavaScript `Date` would cut the microseconds off.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` when it answers without a row.
 */
export async function readStamp(tx: Transaction): Promise<string> {
  const [row] = await tx.rows<{ stamp: string }>(sql`select ${asStamp(tx.now)} as stamp`)
  if (!row) throw new Impossible('a select without a from clause returns one row')
  return row.stamp
}

/** Names a mail; its Message-ID and MIME boundary derive from this. */
export function createMailId(runtime: Runtime): string {
  return createUuidV7(new Date(Date.now() + runtime.clockOffset()))
}

function addJob(payload: Sql, jobKey: string | null): Sql {
  return sql`select from graphile_worker.add_job(identifier := ${MAIL_TASK}, payload := ${payload}, job_key := ${jobKey})`
}

/** An instant as a payload holds it: text, in UTC, uncut. */
function asStamp(instant: Sql): Sql {
  return sql`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}
