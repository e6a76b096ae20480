import { ConfigInvalid, isOrganizationSlug, readRoles, type RoleOptions, type Roles } from '@sigra/core'
import type { AreaGround, AreaHandle, AreaParts } from '../areas/area.ts'
import { iso, sql } from '../database/sql.ts'
import type { PolicyChanges } from '../policy.ts'
import { refuseUnknown } from '../refuse-unknown.ts'
import { requireSwitch } from '../require-switch.ts'
import type { SessionPart } from '../areas/session-part.ts'
import { organizations } from './area.ts'
import { autoJoins } from './auto-join.ts'
import { deletedMembers, listLonely } from './deleted-members.ts'
import { deletionCauses } from './deletion-causes.ts'
import { invitationMail, memberCauses } from './mail-causes.ts'
import { listUndeclaredOwned, type OrganizationTable, readOrganizationData } from './organization-data.ts'
import { ORGANIZATION_FILTER } from './organization-filter.ts'
import { parseLinkPath, parseOrganizationPaths } from './organization-paths.ts'
import { activeOrganization, firstOrganization, sessionOrganization } from './session-organization.ts'
import { isInvitationOver, isOpenInvitation } from './open-invitation.ts'
import { lastTransferEnds } from './is-transfer-open.ts'
import { securedMembers } from './secured-members.ts'
import { openTables, type OrganizationEntities, type OrganizationTables } from './organization-tables.ts'
import { policyCause } from './policy-cause.ts'
import { personalOrganizations } from './personal-organization.ts'
import { type OrganizationsPolicy, organizationsSettings } from './policy.ts'
import { transferMail } from './transfer-mail.ts'

/** What an app decides about its organizations. */
export interface OrganizationsOptions<
  Permission extends string = string,
  Role extends string = string,
> extends RoleOptions<Permission, Role> {
  entities: OrganizationEntities
  /** Whoever registers gets an organization of their own. @default true */
  personal?: boolean
  /**
   * Where pages of organizations are: everything below belongs to the organization whose slug the path has. The first one, without the
   * slug, is where people choose among theirs. @default ['/organizations/:slug']
   */
  paths?: readonly string[]
  /** Where the link of an invitation leads: `…/:token`, and on to `…/continue`. @default '/invitations' */
  invitationsPath?: string
  /** Where the link that undoes a transfer leads: `…/:token`, and on to `…/continue`. @default '/organizations/transfers' */
  transfersPath?: string
  /** Slugs that nobody gets, beside those that paths begin with. @default [] */
  reservedSlugs?: readonly string[]
  policy?: PolicyChanges<OrganizationsPolicy>
  /** The app's own tables of organizations: what becomes of their rows. @default [] */
  data?: readonly OrganizationTable[]
}

/** Organizations, as this process has them. */
export interface OpenOrganizations extends AreaParts {
  readonly tables: OrganizationTables
  readonly roles: Roles
  readonly policy: OrganizationsPolicy
  readonly reservedSlugs: readonly string[]
  readonly paths: readonly string[]
  /** Where people choose among theirs. */
  readonly listPath: string
  /** Where the link of an invitation leads. */
  readonly invitationsPath: string
  readonly session: SessionPart
  /** Whoever registers gets one of their own. */
  readonly hasPersonal: boolean
  /** The app's own tables. */
  readonly data: readonly OrganizationTable[]
}

const knownOptions = {
  entities: true,
  permissions: true,
  roles: true,
  owner: true,
  default: true,
  personal: true,
  paths: true,
  invitationsPath: true,
  transfersPath: true,
  reservedSlugs: true,
  policy: true,
  data: true,
} satisfies Record<keyof OrganizationsOptions, true>

/** Organizations with what an app decides about them. Nothing is checked before the app starts. */
export function configureOrganizations(options: OrganizationsOptions): AreaHandle {
  return { declaration: organizations, open: (ground) => openOrganizations(ground, options) }
}

function openOrganizations(ground: AreaGround, options: OrganizationsOptions): OpenOrganizations {
  refuseUnknown(options, knownOptions, (key) => `organizations: "${key}" is not an option`)
  requireSwitch('organizations: personal', options.personal)
  const roles = readRoles(options)
  const reserved = readReserved(options.reservedSlugs ?? [])
  const paths = parseOrganizationPaths(options.paths ?? ['/organizations/:slug'])
  const tables = openTables(ground, options.entities)
  const policy = ground.policy(organizationsSettings, options.policy)
  const { Organization } = options.entities
  const data = readOrganizationData(ground.orm, Organization, options.data)
  const invitationsPath = parseLinkPath('invitationsPath', options.invitationsPath ?? '/invitations')
  const transfersPath = parseLinkPath('transfersPath', options.transfersPath ?? '/organizations/transfers')
  const session = sessionOrganization(tables, { paths, reservedSlugs: reserved })
  const before = paths[0]?.replace(/:slug$/, '') ?? '/'
  const listPath = paths[0]?.replace(/\/:slug$/, '') ?? '/'
  const places = { origin: ground.origin, before, invitations: invitationsPath, transfers: transfersPath }
  return {
    tables,
    roles,
    policy,
    invitationsPath,
    causes: {
      ...memberCauses(tables, { places, owner: roles.owner }),
      ...deletionCauses(tables, { places, roles }),
      ...policyCause(tables, places),
    },
    linkMails: {
      ...invitationMail(tables, { places, policy }),
      ...transferMail(tables, { places, policy, roles }),
    },
    reservedSlugs: reserved,
    paths,
    listPath,
    // What is below the slug of an organization is the app's, too, and may take what is large.
    routes: [
      { path: listPath },
      { path: `${invitationsPath}/:token`, isGreeting: true },
      { path: `${transfersPath}/:token` },
    ],
    session,
    companions: [activeOrganization],
    newSession: firstOrganization(tables, session),
    hasPersonal: options.personal !== false,
    data,
    hostTables: {
      tables: data.map((table) => ({ ...table, owner: 'organization' })),
      idsOf: (userId) => listLonely(tables, userId),
      listUndeclared: () => listUndeclaredOwned(ground.orm, Organization, data),
      seesAll: { [ORGANIZATION_FILTER]: { organization: null } },
    },
    credentials: [],
    keepsAccountUntil: (now) => lastTransferEnds(tables, now),
    isInvited: (address, now) => sql`exists (
      select from ${tables.invitation.name} i join ${tables.organization.name} o on o.id = i.organization_id
      where i.email_canonical = ${address} and ${isOpenInvitation(now)})`,
    hooks: {
      ...autoJoins({ tables, roles }),
      ...deletedMembers({ tables, roles, data }),
      ...securedMembers({ tables, roles }),
      ...(options.personal === false ? {} : personalOrganizations({ tables, roles })),
    },
    sweeps: [
      { name: 'slugs', table: tables.slug, isOver: (now) => sql`x.former_until <= ${now}` },
      { name: 'invitations', table: tables.invitation, isOver: (now) => isInvitationOver(policy, now) },
    ],
    exported: (userId, cursor, limit) => sql`
      select jsonb_build_object('organization', o.name, 'slug', o.slug, 'role', m.role,
        'since', ${iso(sql`m.created_at`)}) as row, m.id::text as cursor
      from ${tables.membership.name} m join ${tables.organization.name} o on o.id = m.organization_id
      where m.user_id = ${userId} and (${cursor}::text is null or m.id::text > ${cursor})
      order by m.id::text limit ${limit}`,
  }
}

function readReserved(slugs: readonly string[]): readonly string[] {
  if (!Array.isArray(slugs))
    throw new ConfigInvalid("organizations: reservedSlugs must be a list, like ['billing']")
  const wrong = slugs.find((slug) => !isOrganizationSlug(slug))
  if (wrong !== undefined) throw new ConfigInvalid(`organizations: reservedSlugs: "${wrong}" is no slug`)
  return slugs
}
