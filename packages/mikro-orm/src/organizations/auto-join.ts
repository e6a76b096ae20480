import { type Sql, sql } from '../database/sql.ts'
import { newIdOf } from '../database/transaction.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { ConfirmedAccount, Hooks } from '../hooks.ts'
import { hasSeat, offeringTo } from './domain-offers.ts'
import { BY_ADDRESS } from './lose-memberships.ts'
import type { OrganizationTables } from './organization-tables.ts'

interface Area {
  tables: OrganizationTables
  roles: { readonly standard: string }
}

/**
 * Whoever proves an address joins the organizations that have proven its domain and want that. The user is locked by now, and
 * organizations are locked before users everywhere else: so nothing waits here for the lock of an organization. One without a limit
 * of seats needs none, and one that somebody is at work in stays an offer.
 */
export function autoJoins(area: Area): Required<Pick<Hooks, 'afterConfirmed' | 'afterAddressChanged'>> {
  const join = async (tx: TransactionOf<unknown>, account: ConfirmedAccount) => {
    await joinBy(tx, area, account, sql`o.seat_limit is null`)
    const { from, where } = offeringTo(area.tables)
    const locked = await tx.rows<{ id: string }>(sql`
      select o.id::text as id from ${from} join ${tx.tables.user.name} u on u.id = ${account.userId}
      where ${where} and d.mode = 'auto' and o.seat_limit is not null order by o.id for no key update of o skip locked`)
    // A statement of its own, so that it counts who came while the lock was another's.
    for (const { id } of locked)
      await joinBy(tx, area, account, sql`o.id::text = ${id} and ${hasSeat(area.tables)}`)
  }
  return { afterConfirmed: join, afterAddressChanged: join }
}

async function joinBy(
  tx: TransactionOf<unknown>,
  { tables, roles }: Area,
  { userId, record }: ConfirmedAccount,
  which: Sql,
): Promise<void> {
  const { from, where } = offeringTo(tables)
  const joined = await tx.rows<{ id: string; organizationId: string }>(sql`
    insert into ${tables.membership.name} (id, organization_id, user_id, role, created_at)
    select ${newIdOf(tx.tables, tables.membership, new Date())}, o.id, u.id, ${roles.standard}, ${tx.now}
    from ${from} join ${tx.tables.user.name} u on u.id = ${userId}
    where ${where} and d.mode = 'auto' and ${which} order by o.id limit 1
    on conflict (user_id, organization_id) do nothing
    returning id::text as id, organization_id::text as "organizationId"`)
  for (const { id, organizationId } of joined)
    await record({
      action: 'member.added',
      subjectId: userId,
      targetId: id,
      organizationId,
      metadata: { role: roles.standard, method: BY_ADDRESS.domain },
      tells: 'memberAdded',
    })
}
