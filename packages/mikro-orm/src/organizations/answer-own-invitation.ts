import type { Caller } from '../caller.ts'
import { parseId } from '../database/row-id.ts'
import { milliseconds, type Sql, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { stepOf } from '../sessions/session.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { UserId } from '../user-id.ts'
import { acceptNamed, declineNamed, type InvitationOver, over } from './answer-invitation.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import type { Joined } from './join-by-invitation.ts'
import { isOpenInvitation } from './open-invitation.ts'
import { requireOrganizations } from './require-organizations.ts'

/** An invitation that waits for an answer, as whoever was invited sees it. */
export interface OwnInvitation {
  id: string
  /** The name of the organization. */
  organization: string
  role: string
  expiresAt: Date
}

export type AcceptOwnInvitationResult =
  | ({ ok: true } & Joined)
  | InvitationOver
  /** No seat is left. */
  | { ok: false; reason: 'full' }
  | Limited

const MOST = 100

/**
 * The open invitations of whoever is signed in, by the address that they have proven. What ends first comes first. None for
 * strangers.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listOwnInvitations = defineFlow(
  {
    name: 'listOwnInvitations',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, { session }: Caller): Promise<OwnInvitation[]> => {
    const { tables } = requireOrganizations(runtime)
    if (session === null || stepOf(session) !== null) return []
    const rows = await statement<Omit<OwnInvitation, 'expiresAt'> & { expiresAt: number }>(
      runtime,
      sql`
      select i.id::text as id, o.name as organization, i.role, ${milliseconds(sql`i.expires_at`)} as "expiresAt"
      from ${tables.invitation.name} i join ${tables.organization.name} o on o.id = i.organization_id
      where ${isOf(runtime, session.userId)} and ${isOpenInvitation(databaseNow(runtime))}
      order by i.expires_at, i.id limit ${MOST}`,
    )
    return rows.map(({ expiresAt, ...rest }) => ({ ...rest, expiresAt: new Date(expiresAt) }))
  },
)

/**
 * Joins an organization by an invitation of the address that whoever is signed in has proven. An invitation of another address is
 * one that is not there.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const acceptOwnInvitation = defineFlow(
  {
    name: 'acceptOwnInvitation',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'invitation.accept',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { invitationId: unknown },
  ): Promise<AcceptOwnInvitationResult> => {
    const session = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'changes')
    if (limited) return limited
    const named = ownNamed(runtime, session.userId, input.invitationId)
    if (named === null) return over
    const result = await acceptNamed(runtime, caller, session, named)
    if (result.ok || result.reason === 'full' || result.reason === 'limited') return result
    return over
  },
)

/**
 * Says no to an invitation of the address that whoever is signed in has proven. They are not asked again for a while.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const declineOwnInvitation = defineFlow(
  {
    name: 'declineOwnInvitation',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'invitation.accept',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { invitationId: unknown },
  ): Promise<{ ok: true } | InvitationOver | Limited> => {
    const session = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'changes')
    if (limited) return limited
    const named = ownNamed(runtime, session.userId, input.invitationId)
    if (named === null) return over
    return inSessionTransaction(runtime, session, (tx) => declineNamed(tx, caller, named))
  },
)

/** Whether an invitation `i` is the one with this id, and theirs; `null` for what is no id. */
function ownNamed(runtime: Runtime, userId: UserId, invitationId: unknown): Sql | null {
  const id = parseId(runtime.tables, invitationId)
  return id && sql`(i.id = ${id} and ${isOf(runtime, userId)})`
}

/** Whether an invitation `i` is to an address that they have proven. */
function isOf({ tables }: Runtime, userId: UserId): Sql {
  return sql`i.email_canonical = (
    select w.email_canonical from ${tables.user.name} w where w.id = ${userId} and w.confirmed_at is not null)`
}
