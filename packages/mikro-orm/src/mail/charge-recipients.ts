import { decodeCanonical } from '@sigra/core'
import { asBytea } from '../database/bytea.ts'
import { identifier, type Sql, sql } from '../database/sql.ts'
import { databaseNow, statement, type Transaction } from '../database/transaction.ts'
import { isGone } from '../deletion/gone.ts'
import { availableTokens } from '../limits/available-tokens.ts'
import { type Charge, chargeLimits } from '../limits/charge-limits.ts'
import { limitKey } from '../limits/limit-key.ts'
import type { Bucket } from '../policy.ts'
import type { Runtime } from '../runtime.ts'
import { isKnownBrowser } from '../sessions/known-browser.ts'
import type { UserId } from '../user-id.ts'
import { foldAddress } from './fold-address.ts'
import { mailLifeMinutes } from './mail-life.ts'
import type { ChangeMail, GuidanceMail, TokenMail } from './mail-payload.ts'

/** Whom a mail that was asked for is for, and whether it may go out. */
export interface ChargedRecipient {
  /** The mail's place in the list that was asked about. */
  n: number
  id: UserId
  /** As stored, never as typed by whoever asked. */
  email: string
  /** The account is not the one it was when the mail was asked for. */
  isChanged: boolean
  isLate: boolean
  /** The mail is to confirm what is confirmed already. */
  isConfirmed: boolean
  /** By this call, or by an earlier attempt at the same mail. */
  isCharged: boolean
}

/** The limit whose refusal drops a mail, as the audit log names it. */
export const MAILBOX_LIMIT = 'mail.recipient'

/** Who is charged, in this order: the first that grants lets the mail out. */
type Share = 'own' | 'mailbox' | 'trickle'

/**
 * Locks the accounts of mails that were asked for, before any token of theirs as every flow does, and charges what a
 * mailbox may receive, from however many networks it is asked: first the share of a browser that the account knows,
 * then the mailbox's, then a trickle for each kind of mail, so that a flood thins the mails of an owner and never ends
 * them. Each mail is charged once, at whatever attempt comes this far, and only where it is for somebody.
 *
 * @param mails To different mailboxes: one statement cannot take twice from one row.
 * @returns A row for each mail whose address has an account.
 */
export async function chargeRecipients(
  tx: Transaction,
  mails: readonly (TokenMail | GuidanceMail)[],
): Promise<ChargedRecipient[]> {
  const { user, limit } = tx.tables
  const { knownBrowser, anyBrowser, trickle } = tx.runtime.policy.limits.recipient
  const asked = JSON.stringify(mails.map((mail, n) => ({ n, ...describeCharge(tx, mail) })))
  return tx.rows<ChargedRecipient>(sql`
    with t as materialized (select ${tx.now} as now),
    asked as materialized (
      select * from jsonb_to_recordset(${asked}::jsonb) as a(n int, address text, requested_at timestamptz,
        life_minutes float8, confirms boolean, browser_hash text, mark_key text, own_key text, mailbox_key text,
        trickle_key text)
    ), recipient as materialized (
      select a.n, u.id::text as id, u.email, greatest(u.created_at, u.password_changed_at, u.deletion_requested_at) > a.requested_at as is_changed,
        a.requested_at + a.life_minutes * interval '1 minute' <= t.now as is_late,
        a.confirms and u.confirmed_at is not null as is_confirmed,
        exists (select from ${limit.name} l where l.key = a.mark_key) as is_marked,
        ${isKnownBrowser(tx.tables, sql`a.browser_hash::bytea`)} as is_known
      from asked a join ${user.name} u on u.email_canonical = a.address cross join t
      where not ${isGone(sql`t.now`)}
      order by u.id
      for no key update of u
    ), wanted as materialized (
      select r.*, a.mark_key, a.own_key, a.mailbox_key, a.trickle_key
      from recipient r join asked a on a.n = r.n
      where not (r.is_changed or r.is_late or r.is_confirmed or r.is_marked)
    ),
    own as (${takeFrom(tx, 'own', knownBrowser, sql`w.is_known`)}),
    mailbox as (${takeFrom(tx, 'mailbox', anyBrowser, sql`not ${gotFrom('own')}`)}),
    trickle as (${takeFrom(tx, 'trickle', trickle, sql`not (${gotFrom('own')} or ${gotFrom('mailbox')})`)}),
    granted as (
      select w.n, w.mark_key from wanted w where ${gotFrom('own')} or ${gotFrom('mailbox')} or ${gotFrom('trickle')}
    ), marked as (
      insert into ${limit.name} (key, tokens, updated_at)
      select g.mark_key, 0, t.now from granted g, t order by g.mark_key
      on conflict do nothing
    )
    select r.n, r.id, r.email, r.is_changed as "isChanged", r.is_late as "isLate", r.is_confirmed as "isConfirmed",
      r.is_marked or g.n is not null as "isCharged"
    from recipient r left join granted g on g.n = r.n`)
}

/** Which of these mails an earlier attempt, or another worker that holds the same job, was charged for. */
export async function findCharged(
  tx: Transaction,
  mails: readonly (TokenMail | GuidanceMail)[],
): Promise<Set<string>> {
  const marks = new Map(mails.map(({ mailId }) => [markKey(tx, mailId), mailId]))
  const rows = await tx.rows<{ key: string }>(
    sql`select key from ${tx.tables.limit.name} where key = any(${[...marks.keys()]}::varchar[])`,
  )
  return new Set(rows.flatMap(({ key }) => marks.get(key) ?? []))
}

function describeCharge(tx: Transaction, mail: TokenMail | GuidanceMail): object {
  const { runtime } = tx
  const mailbox = foldAddress(mail.address)
  const browserHash = mail.browserHash === null ? null : decodeCanonical(mail.browserHash)
  return {
    address: mail.address,
    requested_at: mail.requestedAt,
    life_minutes: mailLifeMinutes(runtime.policy, mail.kind),
    confirms: mail.kind === 'confirmAddress',
    browser_hash: browserHash && asBytea(browserHash),
    mark_key: markKey(tx, mail.mailId),
    own_key: limitKey(runtime, 'mail.known-browser', `${mail.address} ${mail.browserHash}`),
    mailbox_key: limitKey(runtime, MAILBOX_LIMIT, mailbox),
    trickle_key: limitKey(runtime, 'mail.trickle', `${mail.kind} ${mailbox}`),
  }
}

/**
 * Charges a mailbox that may be nobody's, for a mail that an account of ours asked to have sent there: the mailbox's share,
 * then the trickle of that kind of mail. Once for each mail, at whatever attempt comes this far.
 */
export async function chargeMailbox(
  runtime: Runtime,
  { kind, address, mailId }: ChangeMail,
): Promise<boolean> {
  const { anyBrowser, trickle } = runtime.policy.limits.recipient
  const mailbox = foldAddress(address)
  return chargeShares(runtime, mailId, [
    { name: MAILBOX_LIMIT, subject: mailbox, bucket: anyBrowser },
    { name: 'mail.trickle', subject: `${kind} ${mailbox}`, bucket: trickle },
  ])
}

/** Takes from the first of these that grants, once for each mail. @returns Whether one did. */
export async function chargeShares(
  runtime: Runtime,
  mailId: string,
  shares: readonly Charge[],
): Promise<boolean> {
  const { limit } = runtime.tables
  const mark = limitKey(runtime, 'mail.charged', mailId)
  const marked = await statement(runtime, sql`select from ${limit.name} where key = ${mark}`)
  if (marked.length > 0) return true
  for (const share of shares) {
    if (!(await chargeLimits(runtime, [share])).ok) continue
    await statement(
      runtime,
      sql`insert into ${limit.name} (key, tokens, updated_at) values (${mark}, 0, ${databaseNow(runtime)})
        on conflict do nothing`,
    )
    return true
  }
  return false
}

/** That a mail was charged. Nothing fills it up: the sweep removes it, long after the last attempt. */
function markKey({ runtime }: Transaction, mailId: string): string {
  return limitKey(runtime, 'mail.charged', mailId)
}

function takeFrom({ tables }: Transaction, share: Share, bucket: Bucket, condition: Sql): Sql {
  const capacity = sql`${bucket.capacity}::float8`
  const perSeconds = sql`${bucket.perSeconds}::float8`
  const available = () => availableTokens(sql`l`, { capacity, perSeconds }, sql`(select now from t)`)
  return sql`
    insert into ${tables.limit.name} as l (key, tokens, updated_at)
    select w.${keyOf(share)}, ${capacity} - 1, t.now from wanted w, t where ${condition} order by 1
    on conflict (key) do update set
      tokens = ${available()} - 1, updated_at = greatest(l.updated_at, (select now from t))
    where ${available()} >= 1
    returning l.key`
}

function gotFrom(share: Share): Sql {
  return sql`exists (select from ${identifier(share)} s where s.key = w.${keyOf(share)})`
}

function keyOf(share: Share): Sql {
  return identifier(`${share}_key`)
}
