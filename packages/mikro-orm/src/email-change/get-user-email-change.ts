import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { mayDistrustOld } from './may-distrust-old.ts'
import { isPending } from './pending-change.ts'

/** What somebody's page about their address shows. */
export interface EmailChangeState {
  /** The address that waits for its proof, as typed; `null` where none does. */
  pending: string | null
  /** Whether its code works in this browser: the one that asked. */
  takesCode: boolean
  /** It waits for the old mailbox, too. */
  waitsForApproval: boolean
  /** Whether the old mailbox may be distrusted: see `deliverUserUpdateEmailInstructions`. */
  mayDistrustOld: boolean
}

/**
 * What the signed-in user has asked for.
 *
 * @returns `null` for strangers and pending sign-ins.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getUserEmailChange = defineFlow(
  {
    name: 'getUserEmailChange',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller): Promise<EmailChangeState | null> => {
    const { session } = caller
    if (session?.awaiting !== null) return null
    const { user, userEmailChange, userToken } = runtime.tables
    const now = databaseNow(runtime)
    const isAsked = runtime.policy.emailChange.approveFromOld
    const [row] = await statement<EmailChangeState>(
      runtime,
      sql`
      select c.new_email as pending, c.id is not null and exists (select from ${userToken.name} t
          where t.user_id = u.id and t.purpose = 'change-email' and t.superseded_at is null
            and t.browser_hash = ${browserHashOf(caller)}) as "takesCode",
        c.id is not null and ${isAsked} and not c.old_is_distrusted and c.approved_at is null as "waitsForApproval",
        ${mayDistrustOld(runtime, session, now)} as "mayDistrustOld"
      from ${user.name} u left join ${userEmailChange.name} c on c.user_id = u.id and ${isPending(now)}
      where u.id = ${session.userId}`,
    )
    return row ?? null
  },
)
