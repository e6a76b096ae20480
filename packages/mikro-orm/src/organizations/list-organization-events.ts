import type { Caller } from '../caller.ts'
import { cutPage } from '../database/cut-page.ts'
import { parseUuid } from '../database/row-id.ts'
import { milliseconds, type Sql, sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { ActingRefused } from './acting-member.ts'
import { type OrganizationAction, organizationActions } from './area.ts'
import { findLookingMember } from './looking-member.ts'
import { requireOrganizations } from './require-organizations.ts'

/** Something that happened in an organization, as its members see it. */
export interface OrganizationEvent {
  id: string
  /** By its name in the audit log, for a sentence of the host's. */
  action: OrganizationAction
  occurredAt: Date
  /** Address of who did it, while they are a member; `null` for everybody else. */
  actor: string | null
  /** Address of whom it is about, while they are a member; `null` for everybody else. */
  subject: string | null
  /** What the action says beside: a slug, a role. */
  metadata: Readonly<Record<string, string | number | boolean>>
}

export interface OrganizationEventPage {
  ok: true
  /** The newest first. */
  events: OrganizationEvent[]
  /** To ask for what is older; `null` where there is nothing. */
  cursor: string | null
}

export interface OrganizationEventsInput {
  organizationId: unknown
  /** One action alone. */
  action?: unknown
  /** Instants, as ISO 8601: from the first on, and before the second. */
  from?: unknown
  to?: unknown
  /** As the page before said. */
  cursor?: unknown
}

interface EventRow extends Omit<OrganizationEvent, 'occurredAt'> {
  occurredAt: number
}

const PAGE_ROWS = 50

/**
 * What happened in an organization, 50 at a time, for whose role has `audit:read`. Lines of other organizations, and what
 * members do to their own accounts, cannot be asked for; nor is told where somebody was, and by which browser. What cannot be
 * read of the question asks for nothing.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listOrganizationEvents = defineFlow(
  {
    name: 'listOrganizationEvents',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: OrganizationEventsInput,
  ): Promise<OrganizationEventPage | ActingRefused> => {
    const asked = { organizationId: input.organizationId, permission: 'audit:read' } as const
    const looking = await findLookingMember(runtime, signedInSessionOf(caller), asked)
    if (!looking.ok) return looking
    const conditions = conditionsOf(input)
    if (conditions === null) return { ok: true, events: [], cursor: null }
    const rows = await statement<EventRow>(runtime, eventsPage(runtime, looking.organizationId, conditions))
    const { page, next } = cutPage(rows, PAGE_ROWS)
    return {
      ok: true,
      events: page.map(({ occurredAt, metadata, ...rest }) => ({
        ...rest,
        occurredAt: new Date(occurredAt),
        metadata: shownOf(rest.action, metadata),
      })),
      cursor: next,
    }
  },
)

export interface EventConditions {
  actions: readonly string[]
  from: Date | null
  to: Date | null
  cursor: string | null
}

/** `null` for a question that cannot be read. */
function conditionsOf({ action, from, to, cursor }: OrganizationEventsInput): EventConditions | null {
  const all = Object.keys(organizationActions)
  const actions = action === undefined ? all : all.filter((each) => each === action)
  const instants = [from, to].map(parseInstant)
  const after = cursor === undefined ? null : parseUuid(cursor)
  const isRead = !instants.includes(undefined) && (cursor === undefined || after !== null)
  if (!isRead || actions.length === 0) return null
  const [first = null, last = null] = instants
  return { actions, from: first, to: last, cursor: after }
}

/** `null` where nothing is asked, `undefined` for what is no instant. */
function parseInstant(value: unknown): Date | null | undefined {
  if (value === undefined) return null
  const instant = typeof value === 'string' ? new Date(value) : new Date(Number.NaN)
  return Number.isNaN(instant.getTime()) ? undefined : instant
}

/** One row more than a page has, so that whether there are older ones costs no statement. */
export function eventsPage(
  runtime: Runtime,
  organizationId: Sql,
  { actions, from, to, cursor }: EventConditions,
): Sql {
  const { auditEvent } = runtime.tables
  const ofOrganization = sql`organization_id = ${organizationId}::text`
  const last = (column: Sql) => sql`(select x.${column} from ${auditEvent.name} x
    where x.id = ${cursor}::uuid and x.${ofOrganization})`
  const older =
    cursor === null ? sql`` : sql`and (e.occurred_at, e.id) < (${last(sql`occurred_at`)}, ${last(sql`id`)})`
  return sql`
    select e.id::text as id, e.action, ${milliseconds(sql`e.occurred_at`)} as "occurredAt", e.metadata,
      ${memberAddress(runtime, organizationId, sql`e.actor_id`)} as actor,
      ${memberAddress(runtime, organizationId, sql`e.subject_id`)} as subject
    from ${auditEvent.name} e
    where e.${ofOrganization} and e.action = any(${actions}::text[]) and e.outcome = 'success'
      and (${from}::timestamptz is null or e.occurred_at >= ${from}) and (${to}::timestamptz is null or e.occurred_at < ${to})
      ${older}
    order by e.occurred_at desc, e.id desc limit ${PAGE_ROWS + 1}`
}

/** Who is none any more has an address that is nobody's business here. */
function memberAddress(runtime: Runtime, organizationId: Sql, userId: Sql): Sql {
  const { membership } = requireOrganizations(runtime).tables
  return sql`(select u.email from ${membership.name} m join ${runtime.tables.user.name} u on u.id = m.user_id
    where m.organization_id = ${organizationId} and m.user_id::text = ${userId})`
}

function shownOf(
  action: OrganizationAction,
  metadata: OrganizationEvent['metadata'],
): OrganizationEvent['metadata'] {
  const shown: readonly string[] = organizationActions[action].metadata
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => shown.includes(key)))
}
