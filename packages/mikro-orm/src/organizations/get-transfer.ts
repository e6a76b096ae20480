import { parseMailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { milliseconds, type Sql, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import type { ActingRefused } from './acting-member.ts'
import { isTransferOf, isTransferOpen } from './is-transfer-open.ts'
import { findLookingMember } from './looking-member.ts'
import { requireOrganizations } from './require-organizations.ts'

/** That an organization was handed over, as long as it can be undone. */
export interface OrganizationTransfer {
  /** Its name. */
  organization: string
  /** Addresses of whoever handed it over and of whoever got it; `null` where they are gone. */
  from: string | null
  to: string | null
  undoUntil: Date
}

/**
 * The transfer of an organization that can be undone, for whoever may see its members.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getOrganizationTransfer = defineFlow(
  {
    name: 'getOrganizationTransfer',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
    { organizationId }: { organizationId: unknown },
  ): Promise<{ ok: true; transfer: OrganizationTransfer | null } | ActingRefused> => {
    const asked = { organizationId, permission: 'members:read' } as const
    const looking = await findLookingMember(runtime, signedInSessionOf(caller), asked)
    if (!looking.ok) return looking
    const isIt = sql`o.id = ${looking.organizationId} and ${isTransferOpen(databaseNow(runtime))}`
    return { ok: true, transfer: await find(runtime, isIt) }
  },
)

/**
 * What a link would undo. Changes nothing: mail scanners open links.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getOrganizationTransferByToken = defineFlow(
  {
    name: 'getOrganizationTransferByToken',
    principal: 'mail',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, _: Caller, token: unknown): Promise<OrganizationTransfer | null> => {
    requireOrganizations(runtime)
    const parsed = parseMailedToken(runtime.ring, 'transfer', token)
    return parsed && find(runtime, isTransferOf(parsed, databaseNow(runtime)))
  },
)

async function find(runtime: Runtime, isIt: Sql): Promise<OrganizationTransfer | null> {
  const { organization } = requireOrganizations(runtime).tables
  const addressOf = (id: Sql) =>
    sql`(select u.email from ${runtime.tables.user.name} u where u.id::text = ${id})`
  const [found] = await statement<Omit<OrganizationTransfer, 'undoUntil'> & { undoUntil: number }>(
    runtime,
    sql`
    select o.name as organization, ${addressOf(sql`o.transferred_by`)} as "from", ${addressOf(sql`o.transferred_to`)} as "to",
      ${milliseconds(sql`o.transfer_undo_until`)} as "undoUntil"
    from ${organization.name} o where ${isIt}`,
  )
  return found ? { ...found, undoUntil: new Date(found.undoUntil) } : null
}
