import { ConfigInvalid } from '@sigra/core'
import { parseId } from '../database/row-id.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { requireOrganizations } from './require-organizations.ts'

const MOST = 1_000_000

/**
 * How many members an organization may have, for what sells seats: called by the host's own code, never by a form of a member. Whoever is
 * there already stays, also where they are more.
 *
 * @param input `seats`: `null` for as many as want to.
 * @returns How many there are; `null` where there is no such organization.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for what is no number of seats, and in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const setSeatLimit = defineFlow(
  {
    name: 'setSeatLimit',
    principal: 'operator',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    { organizationId, seats }: { organizationId: string; seats: number | null },
  ): Promise<number | null> => {
    const { organization, membership } = requireOrganizations(runtime).tables
    if (seats !== null && !(Number.isInteger(seats) && seats >= 1 && seats <= MOST))
      throw new ConfigInvalid(`setSeatLimit: seats must be null or a whole number from 1 to ${MOST}`)
    const id = parseId(runtime.tables, organizationId)
    if (id === null) return null
    return inTransaction(runtime, async (tx) => {
      const [row] = await tx.rows<{ members: number }>(sql`
        update ${organization.name} o set seat_limit = ${seats}::integer where o.id = ${id}
        returning (select count(*)::integer from ${membership.name} m where m.organization_id = o.id) as members`)
      return row?.members ?? null
    })
  },
)
