import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'

/** What a settings page needs to know before it asks for a password. */
export interface UserPasswordState {
  hasPassword: boolean
  /** Sudo was just given by it: it is not asked for again. */
  isTypedAlready: boolean
}

/**
 * Whether the signed-in user has a password. Strangers have none.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getUserPasswordState = defineFlow(
  {
    name: 'getUserPasswordState',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller): Promise<UserPasswordState> => {
    const { session } = caller
    if (session?.awaiting !== null) return { hasPassword: false, isTypedAlready: false }
    const rows = await statement(
      runtime,
      sql`select from ${runtime.tables.user.name} where id = ${session.userId} and hashed_password is not null`,
    )
    return {
      hasPassword: rows.length > 0,
      isTypedAlready: session.hasSudo && session.sudoMethod === 'password',
    }
  },
)
