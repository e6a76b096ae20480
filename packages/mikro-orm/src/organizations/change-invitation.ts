import type { CanonicalEmail } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { parseId } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { createAreaLink, enqueueLinkMail } from '../mail/link-mail.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { type ActingMember, type ActingRefused, asMember, forbidden } from './acting-member.ts'
import { chargeInvitation } from './charge-invitation.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { isUnanswered } from './open-invitation.ts'
import { requireOrganizations } from './require-organizations.ts'

/** There is none that waits for an answer, or it is another organization's: the same. */
export interface UnknownInvitation {
  ok: false
  reason: 'unknown-invitation'
}

export type ResendInvitationResult =
  | { ok: true }
  | UnknownInvitation
  /** As often as the policy allows, or as many as the day has. */
  | { ok: false; reason: 'sent-too-often' }
  | ActingRefused
  | Limited

export type RevokeInvitationResult = { ok: true } | UnknownInvitation | ActingRefused | Limited

interface Named {
  organizationId: unknown
  invitationId: unknown
}

interface Waiting {
  id: string
  role: string
  address: CanonicalEmail
  sends: number
}

const unknownInvitation: UnknownInvitation = { ok: false, reason: 'unknown-invitation' }

/**
 * Mails an invitation again, with another link: the one before is dead.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const resendInvitation = defineFlow(
  {
    name: 'resendInvitation',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'invitation.send',
  },
  async (runtime: Runtime, caller: Caller, named: Named): Promise<ResendInvitationResult> => {
    const { policy, tables } = requireOrganizations(runtime)
    const { userId } = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, userId, 'changes')
    if (limited) return limited
    const isGranted = await chargeInvitation(runtime, caller, userId, named.organizationId)
    return withInvitation<ResendInvitationResult>(
      runtime,
      caller,
      named,
      async (tx, { organization }, waiting) => {
        if (!isGranted || waiting.sends > policy.invitationResends)
          return { ok: false, reason: 'sent-too-often' }
        const { source, token } = createAreaLink(runtime, 'organizationInvitation')
        await tx.rows(sql`
        update ${tables.invitation.name} i set sends = i.sends + 1, key_id = ${source.keyId}, selector = ${token.selector},
          token_hash = ${token.hash}, expires_at = ${tx.now} + ${policy.invitationDays * 24 * 60} * interval '1 minute'
        where i.id = ${waiting.id}`)
        await enqueueLinkMail(tx, 'organizationInvitation', waiting.address, source)
        await record(tx, caller, 'invitation.resent', organization.id, waiting)
        return { ok: true }
      },
    )
  },
)

/**
 * Takes an invitation back: its link is dead, and an email that waits to be sent is not.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const revokeInvitation = defineFlow(
  {
    name: 'revokeInvitation',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'invitation.send',
  },
  async (runtime: Runtime, caller: Caller, named: Named): Promise<RevokeInvitationResult> => {
    const { tables } = requireOrganizations(runtime)
    const { userId } = signedInSessionOf(caller)
    const limited = await chargeOrganizations(runtime, caller, userId, 'changes')
    if (limited) return limited
    return withInvitation<RevokeInvitationResult>(
      runtime,
      caller,
      named,
      async (tx, { organization }, waiting) => {
        await tx.rows(
          sql`update ${tables.invitation.name} i set revoked_at = ${tx.now} where i.id = ${waiting.id}`,
        )
        await record(tx, caller, 'invitation.revoked', organization.id, waiting)
        return { ok: true }
      },
    )
  },
)

/** One that waits for an answer, held by the lock of its organization, with a role that whoever asks could give. */
async function withInvitation<T>(
  runtime: Runtime,
  caller: Caller,
  { organizationId, invitationId }: Named,
  work: (tx: Transaction, acting: ActingMember, waiting: Waiting) => Promise<T>,
): Promise<T | UnknownInvitation | ActingRefused> {
  const { tables, roles } = requireOrganizations(runtime)
  const asked = { organizationId, permission: 'members:invite' } as const
  return asMember<T | UnknownInvitation | ActingRefused>(
    runtime,
    signedInSessionOf(caller),
    asked,
    async (tx, acting) => {
      const id = parseId(runtime.tables, invitationId)
      if (id === null) return unknownInvitation
      const [waiting] = await tx.rows<Waiting>(sql`
        select i.id::text as id, i.role, i.email_canonical as address, i.sends from ${tables.invitation.name} i
        where i.id = ${id} and i.organization_id = ${acting.organization.id} and ${isUnanswered}`)
      if (!waiting) return unknownInvitation
      return roles.mayGive(acting.role, waiting.role) ? work(tx, acting, waiting) : forbidden
    },
  )
}

async function record(
  tx: Transaction,
  caller: Caller,
  action: 'invitation.resent' | 'invitation.revoked',
  organizationId: string,
  { id, role }: Waiting,
): Promise<void> {
  await recordAuditEvent(tx, caller, {
    action,
    outcome: 'success',
    targetId: id,
    organizationId,
    metadata: { role },
  })
}
