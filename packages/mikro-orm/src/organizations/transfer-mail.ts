import type { Roles } from '@sigra/core'
import type { LinkMailSource, Said } from '../areas/area.ts'
import { iso, sql } from '../database/sql.ts'
import { isGone } from '../deletion/gone.ts'
import { isOrWasAddress, typedFormer } from '../email-change/undoable-change.ts'
import type { MailCommon } from '../mail/notice-facts.ts'
import type { OrganizationPlaces } from './mail-causes.ts'
import type { TransferReader } from './mail-facts.ts'
import { isTransferOpen } from './is-transfer-open.ts'
import { nameIn } from './organization-mails.ts'
import type { OrganizationTables } from './organization-tables.ts'
import type { OrganizationsPolicy } from './policy.ts'

/**
 * That an organization was handed over, as long as that can be undone: to whoever handed it over, and to its owners of now. All
 * mails hold one link.
 */
export function transferMail(
  { organization, membership }: OrganizationTables,
  {
    places,
    policy,
    roles,
  }: { places: OrganizationPlaces; policy: OrganizationsPolicy; roles: Pick<Roles, 'owner'> },
): { organizationTransferred: LinkMailSource } {
  return {
    organizationTransferred: {
      find: ({ hash }, canonical, { tables, now }) => {
        const address = sql`${canonical}::varchar`
        const addressOf = (id: typeof address) =>
          sql`(select x.email from ${tables.user.name} x where x.id::text = ${id})`
        return sql`
        select case when u.email_canonical = ${address} then u.email else ${typedFormer(tables, address, now)} end as to,
          jsonb_build_object('organization', o.name, 'slug', o.slug, 'from', ${addressOf(sql`o.transferred_by`)},
            'to', ${addressOf(sql`o.transferred_to`)}, 'undoUntil', ${iso(sql`o.transfer_undo_until`)},
            'reader', case u.id::text when o.transferred_by then 'giver' when o.transferred_to then 'receiver' end) as facts
        from ${organization.name} o join ${membership.name} m on m.organization_id = o.id
        join ${tables.user.name} u on u.id = m.user_id
        where o.transfer_hash = ${hash} and ${isTransferOpen(now)} and o.delete_after is null
          and ${isOrWasAddress(tables, address, now)} and not ${isGone(now)}
          and (m.role = ${roles.owner} or u.id::text = o.transferred_by)
        limit 1`
      },
      link: ({ text }) => new URL(`${places.transfers}/${text}`, places.origin).href,
      describe: describeTransfer,
      perMailbox: policy.transferMails,
    },
  }
}

function describeTransfer(common: MailCommon, facts: Said, undoUrl: string) {
  const { from, to, undoUntil } = facts
  return {
    ...common,
    organization: nameIn(facts),
    from: typeof from === 'string' ? from : null,
    to: typeof to === 'string' ? to : null,
    reader: readReader(facts),
    undoUrl,
    undoUntil: new Date(String(undoUntil)),
  }
}

function readReader({ reader }: Said): TransferReader {
  return reader === 'giver' || reader === 'receiver' ? reader : 'owner'
}
