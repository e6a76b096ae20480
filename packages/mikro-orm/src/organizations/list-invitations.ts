import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { ActingRefused } from './acting-member.ts'
import { findLookingMember } from './looking-member.ts'
import { isUnanswered } from './open-invitation.ts'
import { requireOrganizations } from './require-organizations.ts'

/** An invitation that nobody has answered yet, as whoever may invite sees it. */
export interface OrganizationInvitation {
  id: string
  email: string
  role: string
  /** The address of whoever sent it; `null` where they are gone. */
  invitedBy: string | null
  expiresAt: Date
  isExpired: boolean
  /** How often it can be mailed again. */
  resendsLeft: number
}

interface Row extends Omit<OrganizationInvitation, 'expiresAt' | 'resendsLeft'> {
  expiresAt: number
  sends: number
}

const MOST = 500

/**
 * Invitations that wait for an answer, the newest first.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listInvitations = defineFlow(
  {
    name: 'listInvitations',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { organizationId: unknown },
  ): Promise<{ ok: true; invitations: OrganizationInvitation[] } | ActingRefused> => {
    const { tables, policy } = requireOrganizations(runtime)
    const asked = { organizationId: input.organizationId, permission: 'members:invite' } as const
    const looking = await findLookingMember(runtime, signedInSessionOf(caller), asked)
    if (!looking.ok) return looking
    const now = databaseNow(runtime)
    const rows = await statement<Row>(
      runtime,
      sql`
      select i.id::text as id, i.email, i.role, b.email as "invitedBy", ${milliseconds(sql`i.expires_at`)} as "expiresAt",
        i.expires_at <= ${now} as "isExpired", i.sends
      from ${tables.invitation.name} i left join ${runtime.tables.user.name} b on b.id = i.invited_by_id
      where i.organization_id = ${looking.organizationId} and ${isUnanswered} order by i.id desc limit ${MOST}`,
    )
    return {
      ok: true,
      invitations: rows.map(({ sends, expiresAt, ...rest }) => ({
        ...rest,
        expiresAt: new Date(expiresAt),
        resendsLeft: Math.max(0, policy.invitationResends - sends + 1),
      })),
    }
  },
)
