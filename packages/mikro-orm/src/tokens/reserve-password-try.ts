import type { MailedToken } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { isUsable } from './usable-token.ts'

export interface PasswordTry {
  /** What to verify against: `null` when the account has no password. */
  hashedPassword: string | null
  /** How many tries this link has had, this one included. */
  attempts: number
}

/** Takes one of a link's password tries, before the password is looked at. `null` when none is left. */
export async function reservePasswordTry(runtime: Runtime, token: MailedToken): Promise<PasswordTry | null> {
  const [row] = await statement<PasswordTry>(
    runtime,
    sql`
    update ${runtime.tables.userToken.name} t set attempts = t.attempts + 1
    from ${runtime.tables.user.name} u
    where ${isUsable(token, databaseNow(runtime), runtime.tables)}
      and t.attempts < ${runtime.policy.confirmation.passwordTriesPerLink}
    returning u.hashed_password as "hashedPassword", t.attempts`,
  )
  return row ?? null
}

/** Gives a try back that was never used: the hash queue was full, the database away. */
export function passwordTryRefund(runtime: Runtime, token: MailedToken): Sql {
  return sql`
    update ${runtime.tables.userToken.name} t set attempts = t.attempts - 1
    where t.selector = ${token.selector} and t.attempts > 0`
}
