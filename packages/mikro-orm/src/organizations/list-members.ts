import type { Caller } from '../caller.ts'
import { cutPage } from '../database/cut-page.ts'
import { parseId } from '../database/row-id.ts'
import { milliseconds, type Sql, sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { UserId } from '../user-id.ts'
import type { ActingRefused } from './acting-member.ts'
import { findLookingMember } from './looking-member.ts'
import { requireOrganizations } from './require-organizations.ts'

/** A member as others see them. */
export interface OrganizationMember {
  /** Of the membership: what changing and removing take. */
  id: string
  userId: UserId
  email: string
  role: string
  joinedAt: Date
}

export interface OrganizationMemberPage {
  ok: true
  members: OrganizationMember[]
  /** For the page after this one; `null` where this is the last. */
  after: string | null
}

interface MemberRow extends Omit<OrganizationMember, 'joinedAt'> {
  joinedAt: number
}

const MAX_QUERY = 254

/**
 * Members of an organization, those who have been there longest first.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listMembers = defineFlow(
  {
    name: 'listMembers',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: {
      organizationId: unknown
      /** A part of their address. */
      q?: unknown
      /** As the page before said. */
      after?: unknown
    },
  ): Promise<OrganizationMemberPage | ActingRefused> => {
    const { policy } = requireOrganizations(runtime)
    const asked = { organizationId: input.organizationId, permission: 'members:read' } as const
    const looking = await findLookingMember(runtime, signedInSessionOf(caller), asked)
    if (!looking.ok) return looking
    const rows = await statement<MemberRow>(runtime, membersQuery(runtime, looking.organizationId, input))
    const { page, next } = cutPage(rows, policy.membersPerPage)
    return {
      ok: true,
      members: page.map(({ joinedAt, ...rest }) => ({ ...rest, joinedAt: new Date(joinedAt) })),
      after: next,
    }
  },
)

/** One more than a page has, to know whether there is another. */
function membersQuery(
  runtime: Runtime,
  organizationId: Sql,
  { q, after }: { q?: unknown; after?: unknown },
): Sql {
  const { tables, policy } = requireOrganizations(runtime)
  const cursor = parseId(runtime.tables, after)
  const part = typeof q === 'string' ? q.trim().slice(0, MAX_QUERY).toLowerCase() : ''
  return sql`
    select m.id::text as id, u.id::text as "userId", u.email, m.role, ${milliseconds(sql`m.created_at`)} as "joinedAt"
    from ${tables.membership.name} m join ${runtime.tables.user.name} u on u.id = m.user_id
    where m.organization_id = ${organizationId} and ${cursor === null ? sql`true` : sql`m.id > ${cursor}`}
      and ${part === '' ? sql`true` : sql`strpos(u.email_canonical, ${part}) > 0`}
    order by m.id limit ${policy.membersPerPage + 1}`
}
