import { defineEntity, type EntityClass, p } from '@mikro-orm/core'
import { createUuidV7 } from '@sigra/core'
import type { AreaHandle } from '../areas/area.ts'
import { sql } from '../database/sql.ts'
import { newIdOf } from '../database/transaction.ts'
import {
  configureOrganizations,
  type OrganizationEntities,
  type OrganizationsOptions,
} from '../organizations/configure-organizations.ts'
import { requireOrganizations } from '../organizations/require-organizations.ts'
import type { UserId } from '../user-id.ts'
import type { TestRuntime } from './test-runtime.ts'
import {
  bigintKey,
  currentSlug,
  openInvitation,
  organizationDomainProperties,
  organizationExclusionProperties,
  organizationInvitationProperties,
  organizationMembershipProperties,
  organizationProperties,
  organizationSlugProperties,
  uuidKey,
  verifiedDomain,
} from '../schema/index.ts'

/** A host's entities of organizations, with either kind of key. */
export function createTestOrganizationEntities(
  idType: 'uuid' | 'bigint',
  User: EntityClass<object>,
): OrganizationEntities {
  const id = () => ({ id: idType === 'uuid' ? uuidKey() : bigintKey() })
  const user = () => p.manyToOne(User).deleteRule('cascade')
  const organization = () => p.manyToOne(Organization).deleteRule('cascade')
  const inviter = () => p.manyToOne(User).nullable().deleteRule('set null')

  const OrganizationSchema = defineEntity({
    name: 'Organization',
    tableName: 'organizations',
    properties: {
      ...id(),
      ...organizationProperties,
      personalOwner: () => p.manyToOne(User).nullable().unique().deleteRule('cascade'),
    },
  })
  class Organization extends OrganizationSchema.class {}
  OrganizationSchema.setClass(Organization)

  const SlugSchema = defineEntity({
    name: 'OrganizationSlug',
    tableName: 'organization_slugs',
    properties: { ...organizationSlugProperties, organization },
    uniques: [{ properties: ['organization'], where: currentSlug }],
  })
  class OrganizationSlug extends SlugSchema.class {}
  SlugSchema.setClass(OrganizationSlug)

  const MembershipSchema = defineEntity({
    name: 'OrganizationMembership',
    tableName: 'organization_memberships',
    properties: { ...id(), organization, user, ...organizationMembershipProperties },
    uniques: [{ properties: ['user', 'organization'] }],
    indexes: [{ properties: ['organization', 'id'] }],
  })
  class OrganizationMembership extends MembershipSchema.class {}
  MembershipSchema.setClass(OrganizationMembership)

  const InvitationSchema = defineEntity({
    name: 'OrganizationInvitation',
    tableName: 'organization_invitations',
    properties: {
      ...id(),
      organization,
      invitedBy: inviter,
      acceptedBy: inviter,
      ...organizationInvitationProperties,
    },
    uniques: [{ properties: ['organization', 'emailCanonical'], where: openInvitation }],
    indexes: [{ properties: ['emailCanonical'] }],
  })
  class OrganizationInvitation extends InvitationSchema.class {}
  InvitationSchema.setClass(OrganizationInvitation)

  const ExclusionSchema = defineEntity({
    name: 'OrganizationExclusion',
    tableName: 'organization_exclusions',
    properties: { ...id(), organization, user, ...organizationExclusionProperties },
    uniques: [{ properties: ['user', 'organization'] }],
  })
  class OrganizationExclusion extends ExclusionSchema.class {}
  ExclusionSchema.setClass(OrganizationExclusion)

  const DomainSchema = defineEntity({
    name: 'OrganizationDomain',
    tableName: 'organization_domains',
    properties: { ...id(), organization, ...organizationDomainProperties },
    uniques: [{ properties: ['organization', 'domain'] }, { properties: ['domain'], where: verifiedDomain }],
  })
  class OrganizationDomain extends DomainSchema.class {}
  DomainSchema.setClass(OrganizationDomain)

  return {
    Organization,
    OrganizationSlug,
    OrganizationMembership,
    OrganizationInvitation,
    OrganizationExclusion,
    OrganizationDomain,
  }
}

/** What the test host decides, and a test may decide otherwise. */
export type TestOrganizationsOptions = Partial<Pick<OrganizationsOptions, 'personal' | 'policy'>>

/** The organizations of the test host. Nobody gets one unasked, unless the test is about that. */
export function configureTestOrganizations(
  entities: OrganizationEntities,
  changes: TestOrganizationsOptions = {},
): AreaHandle {
  return configureOrganizations({
    ...testRoles,
    entities,
    personal: false,
    reservedSlugs: ['billing'],
    ...changes,
  })
}

/** Three roles, each richer than the next. */
export const testRoles = {
  permissions: ['project:read', 'project:write'],
  roles: {
    owner: ['*'],
    admin: ['members:*', 'project:*', 'organization:update'],
    member: ['members:read', 'project:read'],
  },
  owner: 'owner',
  default: 'member',
} as const

export interface TestOrganization {
  id: string
  slug: string
  name: string
}

type Seeded = Pick<TestRuntime, 'runtime' | 'rows'>

/** An organization that was there before the test began, with its members by their roles. */
export async function createTestOrganization(
  test: Seeded,
  members: Readonly<Record<string, UserId | readonly UserId[]>>,
  { slug = `t${createUuidV7(new Date()).slice(-12)}`, name = 'Acme' } = {},
): Promise<TestOrganization> {
  const { runtime } = test
  const { tables } = requireOrganizations(runtime)
  const [row] = await test.rows<TestOrganization>(sql`
    with o as (
      insert into ${tables.organization.name} (id, slug, name) values (${newIdOf(runtime.tables, tables.organization, new Date())}, ${slug}, ${name})
      returning id, slug, name
    ), s as (insert into ${tables.slug.name} (slug, organization_id) select slug, id from o)
    select id::text as id, slug, name from o`)
  if (!row) throw new Error('the organization was not inserted')
  for (const [role, users] of Object.entries(members)) {
    for (const userId of [users].flat()) await joinTestOrganization(test, row, userId, role)
  }
  return row
}

/** @returns The id of the membership. */
export async function joinTestOrganization(
  { runtime, rows }: Seeded,
  organization: TestOrganization,
  userId: UserId,
  role: string,
): Promise<string> {
  const { membership } = requireOrganizations(runtime).tables
  const [row] = await rows<{ id: string }>(sql`
    insert into ${membership.name} (id, organization_id, user_id, role)
    values (${newIdOf(runtime.tables, membership, new Date())}, ${organization.id}, ${userId}, ${role}) returning id::text as id`)
  if (!row) throw new Error('the membership was not inserted')
  return row.id
}

/** Who has which role, by user. */
export async function readRolesOf(test: Seeded, { id }: TestOrganization): Promise<Record<string, string>> {
  const { membership } = requireOrganizations(test.runtime).tables
  const rows = await test.rows<{ userId: string; role: string }>(sql`
    select user_id::text as "userId", role from ${membership.name} where organization_id = ${id} order by id`)
  return Object.fromEntries(rows.map(({ userId, role }) => [userId, role]))
}
