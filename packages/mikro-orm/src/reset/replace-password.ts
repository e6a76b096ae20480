import { forgetConsents } from '../consent/record-consents.ts'
import { confirmedAccount } from '../confirm/confirmed-account.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { runAfterConfirmed } from '../hooks.ts'
import { forgetFailedPasswords } from '../log-in/forget-failed-passwords.ts'
import { clearSessionOf } from '../sessions/browser-session.ts'
import { knowOnlyThisBrowser } from '../sessions/known-browsers.ts'
import type { ConsumedToken } from '../tokens/consume-token.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import { noFailedCodes } from '../tokens/failed-codes.ts'

/**
 * Gives a user who has just proven their address a new password, and ends everything that went before: sessions and
 * pending ones, mailed tokens, known and trusted browsers, failure counts. The proof confirms the address, and the
 * browser it was given in is known from now on. Whether the account is disabled, and its second factors, stay as they
 * are.
 *
 * @returns How many sessions ended.
 */
export async function replacePassword(
  tx: Transaction,
  caller: Caller,
  { userId, emailCanonical }: Pick<ConsumedToken, 'userId' | 'emailCanonical'>,
  hashedPassword: string,
): Promise<number> {
  const { user, userSession } = tx.tables
  const [row] = await tx.rows<{ isNew: boolean }>(sql`
    update ${user.name} u set hashed_password = ${hashedPassword}, password_changed_at = ${tx.now},
      confirmed_at = coalesce(u.confirmed_at, ${tx.now}), must_change_password = false,
      failed_password_count = 0, password_locked_at = null, ${noFailedCodes}, updated_at = ${tx.now}
    from (select id, confirmed_at is null as is_new from ${user.name} where id = ${userId}) former
    where u.id = former.id
    returning former.is_new as "isNew"`)
  if (row?.isNew) await forgetConsents(tx, userId) // whoever registered may have been somebody else
  if (row?.isNew) await runAfterConfirmed(tx, confirmedAccount(tx, caller, userId, emailCanonical))
  await supersedeTokens(tx, userId)
  await forgetFailedPasswords(tx, caller, emailCanonical)
  await knowOnlyThisBrowser(tx, caller, userId)
  await clearSessionOf(tx, caller, userId)
  const sessions = await tx.rows(sql`delete from ${userSession.name} where user_id = ${userId} returning 1`)
  return sessions.length
}
