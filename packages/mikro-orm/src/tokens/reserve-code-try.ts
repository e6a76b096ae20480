import {
  type Bytes,
  type CanonicalEmail,
  deriveMailedCode,
  deriveMailedToken,
  type MailedToken,
} from '@sigra/core'
import type { UserId } from '../context.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'

export interface CodeTry {
  userId: UserId
  /** What a right code stands for: the token of the same mail. */
  token: MailedToken
  expectedCode: string
  /** Whether the browser is the one the account was registered in. */
  sameBrowser: boolean
}

interface TriedRow {
  userId: UserId
  keyId: string
  selector: MailedToken['selector']
  sameBrowser: boolean
}

/**
 * Takes one try of the newest confirmation code of an address, before the code is looked at: one of the five of the
 * code, and one of the twenty in a row of the account. Only the browser that asked for the code has tries.
 *
 * @returns `null` when there is no such code, it is too old or was replaced, or no try is left. All look alike.
 */
export async function reserveCodeTry(
  runtime: Runtime,
  address: CanonicalEmail,
  browserHash: Bytes | null,
): Promise<CodeTry | null> {
  const { user, userToken } = runtime.tables
  const { codeMinutes, triesPerCode } = runtime.policy.confirmation
  const now = databaseNow(runtime)
  const [row] = await statement<TriedRow>(
    runtime,
    sql`
    with code as (
      select t.id, t.user_id from ${userToken.name} t join ${user.name} u on u.id = t.user_id
      where u.email_canonical = ${address} and u.confirmed_at is null
        and t.context = 'confirm' and t.sent_to = u.email_canonical and t.browser_hash = ${browserHash}
        and t.requested_at + ${codeMinutes} * interval '1 minute' > ${now} and t.expires_at > ${now}
        and t.attempts < ${triesPerCode}
        and t.requested_at = (select max(l.requested_at) from ${userToken.name} l
          where l.user_id = u.id and l.context = 'confirm')
    ), counted as (
      update ${user.name} u set failed_code_count = u.failed_code_count + 1
      from code where u.id = code.user_id and u.failed_code_count < ${runtime.policy.wrongCodes.refuseAt}
      returning u.id, coalesce(u.registration_browser_hash = ${browserHash}, false) as same_browser
    )
    update ${userToken.name} t set attempts = t.attempts + 1
    from code join counted on counted.id = code.user_id
    where t.id = code.id and t.attempts < ${triesPerCode} and t.used_at is null and t.superseded_at is null
    returning t.user_id::text as "userId", t.key_id as "keyId", t.selector, counted.same_browser as "sameBrowser"`,
  )
  return row ? describeTry(runtime, row) : null
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

function describeTry(runtime: Runtime, row: TriedRow): CodeTry | null {
  const { userId, keyId, selector, sameBrowser } = row
  const token = deriveMailedToken(runtime.ring, 'confirm', keyId, selector)
  const expectedCode = deriveMailedCode(runtime.ring, 'confirm', keyId, selector)
  return token && expectedCode !== null ? { userId, token, expectedCode, sameBrowser } : null
}
