import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { parseId } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { continueSession, SessionOvertaken } from '../sessions/continue-session.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { UserId } from '../user-id.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { offeringTo } from './domain-offers.ts'
import { insertMember } from './insert-member.ts'
import type { Joined } from './join-by-invitation.ts'
import { BY_ADDRESS } from './lose-memberships.ts'
import { requireOrganizations } from './require-organizations.ts'
import { setActiveOrganization } from './set-active-organization.ts'
import { tellUser } from '../mail/tell-user.ts'

export type JoinByDomainResult =
  | ({ ok: true } & Joined)
  /** There is none, its domain is not proven, or another one than theirs; they were removed, or are a member: one answer. */
  | { ok: false; reason: 'no-offer' }
  /** No seat is left. */
  | { ok: false; reason: 'full' }
  | Limited

const noOffer = { ok: false, reason: 'no-offer' } as const

/**
 * Joins an organization that has proven the domain of the signed-in user’s proven address, with the role that everybody begins
 * with.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const joinByDomain = defineFlow(
  {
    name: 'joinByDomain',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'member.change',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { organizationId: unknown },
  ): Promise<JoinByDomainResult> => {
    const { tables, roles } = requireOrganizations(runtime)
    const session = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'changes')
    if (limited) return limited
    const id = parseId(runtime.tables, input.organizationId)
    return inTransaction<JoinByDomainResult>(runtime, async (tx) => {
      if (id !== null)
        await tx.rows(sql`select from ${tables.organization.name} o where o.id = ${id} for no key update`)
      const own = await continueSession(tx, session)
      if (own === null) throw new SessionOvertaken()
      const offer = id && (await findOffer(tx, own.userId, String(input.organizationId)))
      if (!offer) return noOffer
      const { organizationId } = offer
      const role = roles.standard
      const memberId = await insertMember(tx, { organizationId, userId: own.userId, role })
      if (memberId === 'full') return { ok: false, reason: 'full' }
      if (memberId === null) return noOffer
      await setActiveOrganization(tx, own, organizationId)
      const eventId = await recordAuditEvent(tx, caller, {
        action: 'member.added',
        outcome: 'success',
        subjectId: own.userId,
        targetId: memberId,
        organizationId,
        metadata: { role, method: BY_ADDRESS.domain },
      })
      await tellUser(tx, 'memberAdded', { userId: own.userId, eventId })
      return { ok: true, ...offer }
    })
  },
)

/** Held until the commit: a domain that is removed or lost at this moment lets nobody in afterwards. */
async function findOffer(tx: Transaction, userId: UserId, organizationId: string): Promise<Joined | null> {
  const { from, where } = offeringTo(requireOrganizations(tx.runtime).tables)
  const [row] = await tx.rows<Joined>(sql`
    select o.id::text as "organizationId", o.slug
    from ${from} join ${tx.tables.user.name} u on u.id = ${userId}
    where o.id::text = ${organizationId} and ${where} limit 1 for share of d`)
  return row ?? null
}
