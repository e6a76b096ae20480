import {
  type Bytes,
  type CanonicalEmail,
  deriveMailedCode,
  deriveMailedToken,
  isEqualConstantTime,
  type MailedToken,
} from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { isGone } from '../deletion/gone.ts'
import { availableTokens } from '../limits/available-tokens.ts'
import { limitKey } from '../limits/limit-key.ts'
import { isKnownBrowser } from '../sessions/known-browser.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'

export interface CodeTry {
  userId: UserId
  /** What a right code stands for: the token of the same mail. */
  token: MailedToken
  expectedCode: string
  /** Whether the browser is the one the account was registered in. */
  sameBrowser: boolean
  /** `known`: the registering browser, or one the account knows. All others are counted together, and apart from those. */
  browser: 'known' | 'unknown'
  /** Codes in a row, of these browsers, that were not right; this one counted as such until it is found to be. */
  failures: number
}

interface TriedRow {
  userId: UserId
  keyId: string
  selector: MailedToken['selector']
  sameBrowser: boolean
  isKnown: boolean
  failures: number
}

/** Which code is typed, and what must be true of its owner. */
export interface CodeKind {
  purpose: 'confirm' | 'magic-link' | 'sudo' | 'change-email'
  lifeMinutes: number
  tries: number
  /** A condition on the user's row, named `u`. */
  only: Sql
  /** Where the code was mailed to. @default the user's address */
  sentTo?: CanonicalEmail
}

/** The code of a mail that confirms an address: nobody's any more once it is confirmed. */
export function confirmationCode({ policy }: Runtime): CodeKind {
  const { codeMinutes, triesPerCode } = policy.confirmation
  return {
    purpose: 'confirm',
    lifeMinutes: codeMinutes,
    tries: triesPerCode,
    only: sql`u.confirmed_at is null`,
  }
}

/**
 * Takes one try of the newest code of a kind that this browser asked for, before the code is looked at: one of the five
 * of the code, and, of the account, one of the ten an hour and of the twenty in a row. These two are counted apart for
 * browsers the account knows and for all others: whoever asks for codes elsewhere uses up nothing of the owner's. Where
 * no code was asked for nothing of the account is touched.
 *
 * Evaluate it in the same transaction: a database that goes away meanwhile takes the count with it. Its rows are locked
 * until then, in the order of limit, user, token.
 *
 * @returns `null` when there is no such code, it is too old or was replaced, or no try is left. All look alike, so that
 *   nobody learns from it who has an account.
 */
export async function reserveCodeTry(
  tx: Transaction,
  kind: CodeKind,
  address: CanonicalEmail,
  browserHash: Bytes | null,
): Promise<CodeTry | null> {
  const [row] = await tx.rows<TriedRow>(tryQuery(tx, kind, address, browserHash))
  return row ? describeTry(tx.runtime, kind.purpose, row) : null
}

/** Gives the try of a right code back: it was no guess. The row of wrong codes of such browsers ends with it. */
export async function returnCodeTry(
  tx: Transaction,
  { userId, token, browser }: CodeTry,
  address: CanonicalEmail,
): Promise<void> {
  const { limit, user, userToken } = tx.tables
  const { capacity } = tx.runtime.policy.limits.target.codeEntry
  const isKnown = browser === 'known'
  await tx.rows(sql`
    with bucket as (
      update ${limit.name} set tokens = least(${capacity}::float8, tokens + 1)
      where key = ${codeEntryKeys(tx.runtime, address)[browser]}
    ), owner as (
      update ${user.name} set
        failed_code_count = case when ${isKnown} then 0 else failed_code_count end,
        unknown_failed_code_count = case when ${isKnown} then unknown_failed_code_count else 0 end
      where id = ${userId} returning id
    )
    update ${userToken.name} t set attempts = t.attempts - 1
    from owner where t.user_id = owner.id and t.selector = ${token.selector} and t.attempts > 0`)
}

/** Whether the code typed is the one that was mailed, in constant time. */
export function isRightCode(reserved: CodeTry, code: string): boolean {
  return isEqualConstantTime(Buffer.from(reserved.expectedCode), Buffer.from(code))
}

/** The two buckets of an account. No other flow takes from them. */
function codeEntryKeys(runtime: Runtime, address: CanonicalEmail): Record<CodeTry['browser'], string> {
  return {
    known: limitKey(runtime, 'code-entry.known-browsers', address),
    unknown: limitKey(runtime, 'code-entry.other-browsers', address),
  }
}

function tryQuery(tx: Transaction, kind: CodeKind, address: CanonicalEmail, browserHash: Bytes | null): Sql {
  const { limit, user, userToken } = tx.tables
  const { purpose, lifeMinutes, tries } = kind
  const sentTo = kind.sentTo === undefined ? sql`u.email_canonical` : sql`${kind.sentTo}`
  const { limits, wrongCodes } = tx.runtime.policy
  const { capacity, perSeconds } = limits.target.codeEntry
  const keys = codeEntryKeys(tx.runtime, address)
  const bucket = { capacity: sql`${capacity}::float8`, perSeconds: sql`${perSeconds}::float8` }
  const available = (row: Sql) => availableTokens(row, bucket, sql`(select now from c)`)
  return sql`
    with c as materialized (select ${tx.now} as now),
    code as materialized (
      select t.id, t.user_id, coalesce(u.registration_browser_hash = ${browserHash}, false) as same_browser,
        ${isKnownBrowser(tx.tables, sql`${browserHash}`)} as is_known
      from ${userToken.name} t join ${user.name} u on u.id = t.user_id cross join c
      where u.email_canonical = ${address} and ${kind.only} and not ${isGone(sql`c.now`)}
        and t.purpose = ${purpose} and t.sent_to = ${sentTo} and t.browser_hash = ${browserHash}
        and t.requested_at + ${lifeMinutes} * interval '1 minute' > c.now and t.expires_at > c.now
        and t.attempts < ${tries}
        and t.requested_at = (select max(l.requested_at) from ${userToken.name} l
          where l.user_id = u.id and l.purpose = ${purpose} and l.browser_hash = ${browserHash})
      limit 1
    ), bucket as (
      insert into ${limit.name} as l (key, tokens, updated_at)
      select case when code.is_known then ${keys.known} else ${keys.unknown} end::varchar,
        ${capacity}::float8 - 1, c.now from code, c
      on conflict (key) do update set tokens = ${available(sql`l`)} - 1,
        updated_at = greatest(l.updated_at, (select now from c))
      where ${available(sql`l`)} >= 1
      returning 1
    ), owner as materialized (
      select u.id from ${user.name} u join code on u.id = code.user_id
      where exists (select from bucket) and ${wrongCodes.refuseAt} >
        case when code.is_known then u.failed_code_count else u.unknown_failed_code_count end
      for no key update of u
    ), tried as (
      update ${userToken.name} t set attempts = t.attempts + 1
      from code join owner on owner.id = code.user_id
      where t.id = code.id and t.attempts < ${tries} and t.used_at is null and t.superseded_at is null
      returning t.user_id, t.key_id, t.selector
    )
    update ${user.name} u set
      failed_code_count = u.failed_code_count + case when code.is_known then 1 else 0 end,
      unknown_failed_code_count = u.unknown_failed_code_count + case when code.is_known then 0 else 1 end
    from tried join code on code.user_id = tried.user_id
    where u.id = tried.user_id
    returning u.id::text as "userId", tried.key_id as "keyId", tried.selector, code.same_browser as "sameBrowser",
      code.is_known as "isKnown",
      case when code.is_known then u.failed_code_count else u.unknown_failed_code_count end as failures`
}

function describeTry(runtime: Runtime, purpose: CodeKind['purpose'], row: TriedRow): CodeTry | null {
  const { userId, keyId, selector, sameBrowser, isKnown, failures } = row
  const token = deriveMailedToken(runtime.ring, purpose, keyId, selector)
  const expectedCode = deriveMailedCode(runtime.ring, purpose, keyId, selector)
  if (!token || expectedCode === null) return null
  return { userId, token, expectedCode, sameBrowser, browser: isKnown ? 'known' : 'unknown', failures }
}
