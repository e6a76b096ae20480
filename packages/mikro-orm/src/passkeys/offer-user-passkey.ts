import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { isPresented } from '../sessions/living-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { requirePasskeys } from './require-passkeys.ts'

/**
 * Whether the person who has just logged in by password is to be offered a passkey. Says so once per account and browser,
 * and only where saying yes would work: to a confirmed address without a passkey, with the sudo of that log-in. After
 * confirming, a mailed link, a backup code or a passkey nobody is asked.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const offerUserPasskey = defineFlow(
  {
    name: 'offerUserPasskey',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime, { session }: Caller): Promise<boolean> => {
    const { tables, policy } = requirePasskeys(runtime)
    const { userPasskey } = tables
    if (!policy.offer || session === null || !mayAdd(session)) return false
    const { user, userKnownBrowser, userSession } = runtime.tables
    return inSessionTransaction(runtime, session, async (tx, own) => {
      // The browser is the one the session was opened in, whatever cookie came with this request.
      const offered = await tx.rows(sql`
        update ${userKnownBrowser.name} k set passkey_offered_at = ${tx.now}
        from ${userSession.name} s join ${user.name} u on u.id = s.user_id
        where ${isPresented(own)} and k.user_id = s.user_id and k.browser_hash = s.browser_id
          and k.passkey_offered_at is null and u.confirmed_at is not null
          and not exists (select from ${userPasskey.name} p where p.user_id = s.user_id)
        returning 1`)
      return offered.length === 1
    })
  },
)

/** By password, and nothing that stood in for it; adding one asks for no more than this session has. */
function mayAdd({ awaiting, amr, hasSudo, sudoMethod }: ResolvedSession): boolean {
  const isByPassword = amr.includes('pwd') && !amr.includes('email') && !amr.includes('backup')
  return awaiting === null && isByPassword && hasSudo && sudoMethod !== 'recovery'
}
