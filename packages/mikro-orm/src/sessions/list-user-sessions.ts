import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { type BrowserNames, readBrowserNames } from '../mail/browser-names.ts'
import type { Runtime } from '../runtime.ts'
import { isAlive } from './living-session.ts'

/** A browser somebody is signed in with. */
export interface UserSession {
  id: string
  /** Names to recognise it by, for a sentence of the host's: "Firefox on Linux". */
  browser: BrowserNames
  /** The network address it signed in from. */
  address: string | null
  firstSeenAt: Date
  lastSeenAt: Date
  isCurrent: boolean
}

interface SessionRow {
  id: string
  userAgent: string | null
  address: string | null
  firstSeenAt: number
  lastSeenAt: number
}

/**
 * The signed-in user's sessions that still work, this one first and then the one used last. Nobody else's can be asked
 * for: there is no user to name.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listUserSessions = defineFlow(
  {
    name: 'listUserSessions',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller): Promise<UserSession[]> => {
    const { session } = caller
    if (session?.awaiting !== null) return []
    const rows = await statement<SessionRow>(
      runtime,
      sql`
      with t as materialized (select ${databaseNow(runtime)} as now)
      select s.id::text as id, s.user_agent as "userAgent", s.ip as address,
        ${milliseconds(sql`s.created_at`)} as "firstSeenAt", ${milliseconds(sql`s.last_seen_at`)} as "lastSeenAt"
      from ${runtime.tables.userSession.name} s, t
      where s.user_id = ${session.userId} and s.awaiting is null and ${isAlive(runtime, sql`t.now`)}
      order by s.id::text = ${session.id} desc, s.last_seen_at desc, s.id`,
    )
    return rows.map(({ id, userAgent, address, firstSeenAt, lastSeenAt }) => ({
      id,
      browser: readBrowserNames(userAgent),
      address,
      firstSeenAt: new Date(firstSeenAt),
      lastSeenAt: new Date(lastSeenAt),
      isCurrent: id === session.id,
    }))
  },
)
