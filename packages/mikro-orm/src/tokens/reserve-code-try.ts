import {
  type Bytes,
  type CanonicalEmail,
  deriveMailedCode,
  deriveMailedToken,
  isEqualConstantTime,
  type MailedToken,
} from '@sigra/core'
import type { UserId } from '../context.ts'
import { type Sql, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'

export interface CodeTry {
  userId: UserId
  /** What a right code stands for: the token of the same mail. */
  token: MailedToken
  expectedCode: string
  /** Whether the browser is the one the account was registered in. */
  sameBrowser: boolean
  /** Codes in a row that were not right, this one counted as such until it is found to be. */
  failures: number
}

interface TriedRow {
  userId: UserId
  keyId: string
  selector: MailedToken['selector']
  sameBrowser: boolean
  failures: number
}

/** Which code is typed, and what must be true of its owner. */
export interface CodeKind {
  purpose: 'confirm' | 'magic-link' | 'sudo'
  lifeMinutes: number
  tries: number
  /** A condition on the user's row, named `u`. */
  only: Sql
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
 * Takes one try of the newest code of a kind that was mailed to an address, before the code is looked at: one of the
 * five of the code, and one of the twenty in a row of the account. Only the browser that asked for the code has tries.
 *
 * @returns `null` when there is no such code, it is too old or was replaced, or no try is left. All look alike.
 */
export async function reserveCodeTry(
  runtime: Runtime,
  kind: CodeKind,
  address: CanonicalEmail,
  browserHash: Bytes | null,
): Promise<CodeTry | null> {
  const { user, userToken } = runtime.tables
  const { purpose, lifeMinutes, tries } = kind
  // Without waiting for the disk, or an address that has a code would take longer to be refused than one that has none.
  // A crash may forget the tries of its last half second.
  const [row] = await statement<TriedRow>(
    runtime,
    sql`
    with c as materialized (
      select ${databaseNow(runtime)} as now, set_config('synchronous_commit', 'off', true) as quick
    ), code as (
      select t.id, t.user_id from ${userToken.name} t join ${user.name} u on u.id = t.user_id cross join c
      where u.email_canonical = ${address} and ${kind.only}
        and t.context = ${purpose} and t.sent_to = u.email_canonical and t.browser_hash = ${browserHash}
        and t.requested_at + ${lifeMinutes} * interval '1 minute' > c.now and t.expires_at > c.now
        and t.attempts < ${tries}
        and t.requested_at = (select max(l.requested_at) from ${userToken.name} l
          where l.user_id = u.id and l.context = ${purpose})
    ), counted as (
      update ${user.name} u set failed_code_count = u.failed_code_count + 1
      from code where u.id = code.user_id and u.failed_code_count < ${runtime.policy.wrongCodes.refuseAt}
      returning u.id, coalesce(u.registration_browser_hash = ${browserHash}, false) as same_browser,
        u.failed_code_count as failures
    )
    update ${userToken.name} t set attempts = t.attempts + 1
    from code join counted on counted.id = code.user_id
    where t.id = code.id and t.attempts < ${tries} and t.used_at is null and t.superseded_at is null
    returning t.user_id::text as "userId", t.key_id as "keyId", t.selector, counted.same_browser as "sameBrowser",
      counted.failures`,
  )
  return row ? describeTry(runtime, purpose, row) : null
}

/**
 * Gives the try of a right code back: it was no guess. The account's row of wrong codes ends with it.
 */
export async function returnCodeTry(runtime: Runtime, { userId, token }: CodeTry): Promise<void> {
  const { user, userToken } = runtime.tables
  await statement(
    runtime,
    sql`
    with owner as (update ${user.name} set failed_code_count = 0 where id = ${userId} returning id)
    update ${userToken.name} t set attempts = t.attempts - 1
    from owner where t.user_id = owner.id and t.selector = ${token.selector} and t.attempts > 0`,
  )
}

function describeTry(runtime: Runtime, purpose: CodeKind['purpose'], row: TriedRow): CodeTry | null {
  const { userId, keyId, selector, sameBrowser, failures } = row
  const token = deriveMailedToken(runtime.ring, purpose, keyId, selector)
  const expectedCode = deriveMailedCode(runtime.ring, purpose, keyId, selector)
  return token && expectedCode !== null ? { userId, token, expectedCode, sameBrowser, failures } : null
}

/** Whether the code typed is the one that was mailed, in constant time. */
export function isRightCode(reserved: CodeTry, code: string): boolean {
  return isEqualConstantTime(Buffer.from(reserved.expectedCode), Buffer.from(code))
}
