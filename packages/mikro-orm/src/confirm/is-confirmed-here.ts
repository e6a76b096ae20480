import { parseMailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'

/**
 * Whether the owner of a confirmation link has confirmed the address by a mail in this very browser: what the page
 * behind a link that is of no use any more may say there. In any other browser it says what it says to everybody.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const isConfirmedHere = defineFlow(
  {
    name: 'isConfirmedHere',
    principal: 'mail',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller, token: unknown): Promise<boolean> => {
    const parsed = parseMailedToken(runtime.ring, 'confirm', token)
    if (parsed === null || caller.browserToken === null) return false
    const { user, userToken } = runtime.tables
    const rows = await statement(
      runtime,
      sql`
      select from ${userToken.name} t join ${user.name} u on u.id = t.user_id
      where t.selector = ${parsed.selector} and t.token_hash = ${parsed.hash} and t.purpose = 'confirm'
        and u.email_canonical = t.sent_to and u.confirmed_at is not null
        and exists (select from ${userToken.name} used
          where used.user_id = u.id and used.purpose in ('confirm', 'magic-link', 'reset-password')
            and used.used_browser_hash = ${hashBrowserToken(caller.browserToken)})`,
    )
    return rows.length > 0
  },
)
