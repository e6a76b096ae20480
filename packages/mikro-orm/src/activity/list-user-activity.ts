import type { Caller } from '../caller.ts'
import { cutPage } from '../database/cut-page.ts'
import { parseUuid } from '../database/row-id.ts'
import { milliseconds, sql, type Sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { type BrowserNames, readBrowserNames } from '../mail/browser-names.ts'
import type { Runtime } from '../runtime.ts'
import { stepOf } from '../sessions/session.ts'
import { actorOf, canDispute, isShown, subjectsOwn } from './subjects-line.ts'

/** Something that happened to an account, as its owner sees it. */
export interface UserActivity {
  id: string
  /** By its name in the audit log, for a sentence of the host's. */
  action: string
  /** `waiting`: a log-in that a further step was asked for. `refused`: whoever tried got nothing by it. */
  outcome: 'done' | 'waiting' | 'refused'
  occurredAt: Date
  /** `other`: an operator or somebody who acts for the app; where they were is theirs. `unknown`: nobody was logged in. */
  actor: 'self' | 'other' | 'unknown'
  browser: BrowserNames
  /** The network address it came from. */
  address: string | null
  /** Whether `disputeUserEvent` takes it. */
  canDispute: boolean
}

export interface UserActivityPage {
  /** The newest first. */
  events: UserActivity[]
  /** To ask for what is older; `null` where there is nothing. */
  before: string | null
}

interface ActivityRow {
  id: string
  action: string
  outcome: UserActivity['outcome']
  occurredAt: number
  actor: UserActivity['actor']
  userAgent: string | null
  address: string | null
  canDispute: boolean
}

const PAGE_ROWS = 25

const outcomeOf = sql`case when e.outcome <> 'success' then 'refused'
  when e.action = 'auth.log_in' and e.metadata->>'result' <> 'signed-in' then 'waiting' else 'done' end`

const nothing: UserActivityPage = { events: [], before: null }

/**
 * What happened to the signed-in user's account, 25 at a time. Nobody else's can be asked for: there is no user to name, and a
 * page that begins at a line of somebody else's is empty. Of a line's metadata nothing is told, nor who else acted, nor where.
 *
 * @param input.before As the page before said.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listUserActivity = defineFlow(
  {
    name: 'listUserActivity',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller, input: { before?: unknown } = {}): Promise<UserActivityPage> => {
    const { session } = caller
    if (session === null || stepOf(session) !== null) return nothing
    const before = input.before === undefined ? undefined : parseUuid(input.before)
    if (before === null) return nothing
    const rows = await statement<ActivityRow>(runtime, pageOf(runtime, session.userId, before))
    const { page, next } = cutPage(rows, PAGE_ROWS)
    return {
      events: page.map(({ occurredAt, userAgent, ...row }) => ({
        ...row,
        occurredAt: new Date(occurredAt),
        browser: readBrowserNames(userAgent),
      })),
      before: next,
    }
  },
)

/** One row more than a page has, so that whether there are older ones costs no statement. */
export function pageOf(runtime: Runtime, userId: string, before: string | undefined): Sql {
  const { auditEvent } = runtime.tables
  const [first, older] =
    before === undefined
      ? [sql``, sql``]
      : [
          sql`with last as materialized (select x.id, x.occurred_at from ${auditEvent.name} x
            where x.id = ${before}::uuid and x.subject_id = ${userId}::text)`,
          // Two values of their own: a comparison with a row of a query would find no index.
          sql`and (e.occurred_at, e.id) < ((select occurred_at from last), (select id from last))`,
        ]
  return sql`
    ${first}
    select e.id::text as id, e.action, ${outcomeOf} as outcome, ${milliseconds(sql`e.occurred_at`)} as "occurredAt",
      ${actorOf} as actor, ${subjectsOwn(sql`e.user_agent`)} as "userAgent", ${subjectsOwn(sql`e.ip`)} as address,
      ${canDispute(runtime)} as "canDispute"
    from ${auditEvent.name} e
    where e.subject_id = ${userId}::text and ${isShown(runtime)} ${older}
    order by e.occurred_at desc, e.id desc limit ${PAGE_ROWS + 1}`
}
