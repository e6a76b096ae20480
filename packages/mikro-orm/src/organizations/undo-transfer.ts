import { type MailedToken, parseMailedToken } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import type { Runtime } from '../runtime.ts'
import { isEnabled } from '../sessions/living-session.ts'
import type { UserId } from '../user-id.ts'
import { isTransferOf } from './is-transfer-open.ts'
import { requireOrganizations } from './require-organizations.ts'
import { revokeUnsendable } from './revoke-unsendable.ts'
import { tellMember } from './tell-member.ts'

export type UndoTransferResult =
  | { ok: true; organization: string }
  /** Undone, too old, or there is nobody to give it back to: one answer. */
  | { ok: false; reason: 'invalid' }
  | Limited

interface Changed {
  id: string
  userId: UserId
  role: string
  formerRole: string
}

interface Undone {
  id: string
  name: string
  giver: string
}

/**
 * Takes the transfer of an organization back, by the link that its owners were mailed, signed in or not: whoever handed it over is
 * an owner again, and whoever became one by it, or by whom it made one, is what they were before.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const undoOrganizationTransfer = defineFlow(
  {
    name: 'undoOrganizationTransfer',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'organization.change',
  },
  async (runtime: Runtime, caller: Caller, input: { token: unknown }): Promise<UndoTransferResult> => {
    requireOrganizations(runtime)
    const over = { ok: false, reason: 'invalid' } as const
    const token = parseMailedToken(runtime.ring, 'transfer', input.token)
    if (!token) return over
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited
    return inUndoableTransaction<UndoTransferResult, UndoTransferResult>(runtime, async (tx, undo) => {
      const undone = await end(tx, token)
      if (undone === null) return over
      const given = await giveBack(tx, undone)
      if (given === null) return undo(over)
      await recordAuditEvent(tx, caller, {
        action: 'organization.transfer_undone',
        outcome: 'success',
        subjectId: given.userId,
        targetId: undone.id,
        organizationId: undone.id,
      })
      for (const changed of [given, ...(await takeBack(tx, undone))])
        await tellOfChange(tx, caller, undone, changed)
      return { ok: true, organization: undone.name }
    })
  },
)

/** Of any number of presses one gets the row, and holds its lock as everything does that changes members. */
async function end(tx: Transaction, token: MailedToken): Promise<Undone | null> {
  const { organization } = requireOrganizations(tx.runtime).tables
  const [row] = await tx.rows<Undone>(sql`
    with former as (
      select o.id, o.transferred_by from ${organization.name} o where ${isTransferOf(token, tx.now)} for no key update
    )
    update ${organization.name} o
    set transferred_by = null, transferred_to = null, transfer_hash = null, transfer_undo_until = null
    from former where o.id = former.id
    returning o.id::text as id, o.name, former.transferred_by as giver`)
  return row ?? null
}

async function giveBack(tx: Transaction, { id, giver }: Undone): Promise<Changed | null> {
  const { tables, roles } = requireOrganizations(tx.runtime)
  const [row] = await tx.rows<Changed>(sql`
    update ${tables.membership.name} m set role = ${roles.owner}, role_before = null
    from ${tables.membership.name} f, ${tx.tables.user.name} u
    where m.organization_id = ${id} and m.user_id::text = ${giver} and f.id = m.id and u.id = m.user_id and ${isEnabled(tx.now)}
    returning m.id::text as id, m.user_id::text as "userId", m.role, f.role as "formerRole"`)
  return row ?? null
}

async function takeBack(tx: Transaction, { id }: Undone): Promise<Changed[]> {
  const { tables, roles } = requireOrganizations(tx.runtime)
  return tx.rows<Changed>(sql`
    update ${tables.membership.name} m
    set role = case m.role when ${roles.owner} then m.role_before else m.role end, role_before = null
    from ${tables.membership.name} f where m.organization_id = ${id} and m.role_before is not null and f.id = m.id
    returning m.id::text as id, m.user_id::text as "userId", m.role, f.role as "formerRole"`)
}

async function tellOfChange(
  tx: Transaction,
  caller: Caller,
  { id: organizationId }: Undone,
  { id, userId, role, formerRole }: Changed,
): Promise<void> {
  if (role === formerRole) return
  await revokeUnsendable(tx, requireOrganizations(tx.runtime), { organizationId, userId, role })
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'member.role_changed',
    outcome: 'success',
    subjectId: userId,
    targetId: id,
    organizationId,
    metadata: { role, formerRole },
  })
  await tellMember(tx, 'memberRoleChanged', { userId }, eventId)
}
