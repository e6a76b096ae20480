import { orderTables } from '../account-data/order-tables.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import { HostRefused } from '../deletion/refusal.ts'
import type { OrganizationTable } from './organization-data.ts'
import { ORGANIZATION_FILTER } from './organization-filter.ts'

/**
 * Does with the app's own rows of an organization what it says, whatever other filters their entities have: a row that an app
 * only hides is there all the same. A function of the app's is given an EntityManager that sees this organization alone.
 *
 * @throws {HostRefused} when such a function throws.
 */
export async function eraseOrganizationRows(
  tx: Pick<TransactionOf<unknown>, 'em'>,
  data: readonly OrganizationTable[],
  id: string,
): Promise<void> {
  const em = tx.em.fork({ keepTransactionContext: true })
  em.setFilterParams(ORGANIZATION_FILTER, { organization: id })
  for (const { entity, onDelete } of orderTables(em, data)) {
    if (onDelete === 'delete') {
      await em.nativeDelete(entity, { organization: id }, { filters: false })
      continue
    }
    try {
      await onDelete(em, { id })
      await em.flush()
    } catch (error) {
      throw new HostRefused(`${entity.name}.onDelete`, { cause: error })
    }
  }
}
