import { type Bytes, type CanonicalEmail, createUuidV7, type MailedToken } from '@sigra/core'
import { asBytea } from '../database/bytea.ts'
import { sql, type Sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import { isKnownBrowser } from '../sessions/known-browser.ts'

/** A token somebody asked for. */
export interface RequestedToken {
  token: MailedToken
  /** Canonical; its account is locked by the caller. */
  sentTo: CanonicalEmail
  /** By the database clock; the life counts from here. */
  requestedAt: string
  lifeMinutes: number
  browserHash: Bytes | null
  /** Where to go after signing in. */
  redirectTo: string | null
}

export interface InsertedToken {
  /** The token's place in the list. */
  n: number
  /** `false` when its row exists already: a retried mail uses that one. */
  isNew: boolean
  /** Whether it can still be used, so that a mail with it is worth sending. */
  isUsable: boolean
}

/**
 * Stores what is needed to recognise tokens, and ends what they take the place of, in one statement. A later link or
 * sudo code of the same browser ends the earlier one, whichever mail is admitted first; a browser without an id has
 * nothing in common with another one. Of each purpose only so many live per account, and of those beyond the oldest of
 * a browser the account does not know ends first: a stranger who asks again and again takes no link from its owner.
 * What was asked for before another link was used is over with it. Links to confirm with live side by side.
 *
 * @param tokens Of different accounts, locked: two statements for one account would not see each other's rows.
 */
export async function insertRequestedTokens(
  tx: Transaction,
  tokens: readonly RequestedToken[],
): Promise<InsertedToken[]> {
  const { user, userToken } = tx.tables
  const asked = JSON.stringify(tokens.map((each, n) => ({ n, ...describeToken(tx, each) })))
  const isLiving = (row: Sql) =>
    sql`${row}.used_at is null and ${row}.superseded_at is null and ${row}.expires_at > t.now`
  return tx.rows<InsertedToken>(sql`
    with t as materialized (select ${tx.now} as now),
    asked as materialized (
      select a.n, a.new_id, u.id as user_id, a.purpose, a.key_id, a.selector::bytea as selector, a.token_hash::bytea as token_hash,
        a.sent_to, a.browser_hash::bytea as browser_hash, a.redirect_to, a.requested_at,
        a.requested_at + a.life_minutes * interval '1 minute' as expires_at, k.id as row_id,
        coalesce(${isLiving(sql`k`)}, false) as is_living
      from jsonb_to_recordset(${asked}::jsonb) as a(n int, new_id text, purpose text, key_id text, selector text, token_hash text,
          sent_to text, browser_hash text, redirect_to text, requested_at timestamptz, life_minutes float8)
        join ${user.name} u on u.email_canonical = a.sent_to
        left join ${userToken.name} k on k.selector = a.selector::bytea
        cross join t
    ), fresh as materialized (
      select * from asked where row_id is null
    ), together as materialized (
      select f.n, f.user_id, f.purpose, r.id, r.browser_hash, r.requested_at, r.used_at, ${isLiving(sql`r`)} as is_living
      from fresh f join ${userToken.name} r on r.user_id = f.user_id and r.purpose = f.purpose cross join t
      where f.purpose <> 'confirm' and (r.expires_at > t.now or r.used_at >= f.requested_at)
      union all
      select f.n, f.user_id, f.purpose, null, f.browser_hash, f.requested_at, null, true
      from fresh f where f.purpose <> 'confirm'
    ), judged as materialized (
      select x.*, ${isKnownBrowser(tx.tables, sql`x.browser_hash`)} as is_known,
        x.browser_hash is not null
          and x.requested_at < max(x.requested_at) over (partition by x.n, x.browser_hash) as is_replaced,
        x.purpose <> 'sudo'
          and coalesce(x.requested_at <= max(x.used_at) over (partition by x.n), false) as is_over
      from together x join ${user.name} u on u.id = x.user_id
    ), ranked as (
      select j.n, j.id, row_number() over (
        partition by j.n order by j.is_known desc, j.requested_at desc, j.id desc nulls first) as place
      from judged j where j.is_living and not (j.is_replaced or j.is_over)
    ), ended as materialized (
      select n, id from judged where is_living and (is_replaced or is_over)
      union all
      select n, id from ranked where place > ${tx.runtime.policy.mailedLinks.maxLiving}
    ), superseded as (
      update ${userToken.name} x set superseded_at = t.now from ended e, t
      where x.id = e.id and x.used_at is null and x.superseded_at is null
    ), inserted as (
      insert into ${userToken.name} (id, user_id, purpose, key_id, selector, token_hash, sent_to, browser_hash,
        redirect_to, requested_at, expires_at, superseded_at, created_at)
      select ${rowId(tx)}, f.user_id, f.purpose, f.key_id, f.selector, f.token_hash, f.sent_to,
        f.browser_hash, f.redirect_to, f.requested_at, f.expires_at,
        case when exists (select from ended e where e.n = f.n and e.id is null) then t.now end, t.now
      from fresh f, t
      on conflict (selector) do nothing
      returning selector, superseded_at is null as is_living
    )
    select a.n, i.selector is not null as "isNew", coalesce(i.is_living, a.is_living) and a.expires_at > t.now as "isUsable"
    from asked a left join inserted i on i.selector = a.selector cross join t`)
}

function describeToken({ runtime }: Transaction, asked: RequestedToken): object {
  const { token, browserHash } = asked
  return {
    new_id: createUuidV7(new Date(Date.now() + runtime.clockOffset())),
    purpose: token.purpose,
    key_id: token.keyId,
    selector: asBytea(token.selector),
    token_hash: asBytea(token.hash),
    sent_to: asked.sentTo,
    browser_hash: browserHash && asBytea(browserHash),
    redirect_to: asked.redirectTo,
    requested_at: asked.requestedAt,
    life_minutes: asked.lifeMinutes,
  }
}

function rowId(tx: Transaction): Sql {
  return tx.tables.idType === 'uuid' ? sql`f.new_id::uuid` : newId(tx, tx.tables.userToken)
}
