import type { LinkMailSource, NoticeCause, Said } from '../areas/area.ts'
import { type Sql, sql } from '../database/sql.ts'
import type { MailCommon } from '../mail/notice-facts.ts'
import { isOpenInvitation } from './open-invitation.ts'
import { nameIn } from './organization-mails.ts'
import type { OrganizationTables } from './organization-tables.ts'
import type { OrganizationsPolicy } from './policy.ts'

/** Where pages of organizations are, as emails name them. */
export interface OrganizationPlaces {
  origin: URL
  /** What comes before a slug: `/organizations/`. */
  before: string
  invitations: string
  transfers: string
}

/**
 * What emails to members say of the organization, as long as what they tell is true: who was added is there still, has the role
 * that they are told of, or is gone. Of an organization that is to be deleted nobody is told anything any more.
 */
export function memberCauses(
  { organization, membership, domain }: OrganizationTables,
  { places, owner }: { places: OrganizationPlaces; owner: string },
): Record<'memberAdded' | 'memberRoleChanged' | 'memberRemoved' | 'domainLost', NoticeCause> {
  const told: Sql = sql`jsonb_build_object('organization', o.name, 'slug', o.slug,
    'organizationUrl', ${new URL(places.before, places.origin).href}::text || o.slug)`
  const isMember =
    (as: Sql): NoticeCause =>
    () => sql`
    select ${told} from ${membership.name} m join ${organization.name} o on o.id = m.organization_id
    where m.user_id = u.id and m.id::text = e.target_id and o.delete_after is null and ${as}`
  return {
    memberAdded: isMember(sql`true`),
    memberRoleChanged: isMember(sql`m.role = e.metadata ->> 'role'`),
    // To who is an owner still, as long as it is not proven again.
    domainLost: () => sql`
      select ${told} from ${membership.name} m join ${organization.name} o on o.id = m.organization_id
      join ${domain.name} d on d.organization_id = o.id
      where m.user_id = u.id and m.role = ${owner}::text and o.id::text = e.organization_id and o.delete_after is null
        and d.id::text = e.target_id and d.verified_at is null`,
    memberRemoved: ({ tables: { idType } }) => sql`
      select ${told} from ${organization.name} o
      where o.id = e.organization_id::${idType === 'uuid' ? sql`uuid` : sql`bigint`} and o.delete_after is null
        and not exists (select from ${membership.name} m where m.organization_id = o.id and m.user_id = u.id)`,
  }
}

/** Invitations, as long as they are open, by the link that was mailed last. */
export function invitationMail(
  { organization, invitation }: OrganizationTables,
  { places, policy }: { places: OrganizationPlaces; policy: OrganizationsPolicy },
): { organizationInvitation: LinkMailSource } {
  return {
    organizationInvitation: {
      find: ({ selector, hash }, address, { tables: { user }, now }) => sql`
        select i.email as to, jsonb_build_object('organization', o.name, 'slug', o.slug, 'role', i.role,
          'invitedBy', (select b.email from ${user.name} b where b.id = i.invited_by_id and b.confirmed_at is not null)) as facts
        from ${invitation.name} i join ${organization.name} o on o.id = i.organization_id
        where i.selector = ${selector} and i.token_hash = ${hash} and i.email_canonical = ${address}
          and ${isOpenInvitation(now)}`,
      link: ({ text }) => new URL(`${places.invitations}/${text}`, places.origin).href,
      describe: (common, facts, invitationUrl) =>
        describeInvitation(common, facts, { invitationUrl, policy }),
      perMailbox: policy.invitationMails,
    },
  }
}

function describeInvitation(
  common: MailCommon,
  facts: Said,
  { invitationUrl, policy }: { invitationUrl: string; policy: OrganizationsPolicy },
) {
  const { role, invitedBy } = facts
  return {
    ...common,
    organization: nameIn(facts),
    role: String(role),
    invitedBy: typeof invitedBy === 'string' ? invitedBy : null,
    invitationUrl,
    days: policy.invitationDays,
  }
}
