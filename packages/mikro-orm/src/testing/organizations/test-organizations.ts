import { defineEntity, type EntityClass, p } from '@mikro-orm/core'
import type { AreaHandle } from '../../areas/area.ts'
import {
  configureOrganizations,
  type OrganizationsOptions,
} from '../../organizations/configure-organizations.ts'
import type { OrganizationEntities } from '../../organizations/organization-tables.ts'
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
} from '../../schema/index.ts'
import type { PolicyOverrides } from '../../policy.ts'
import { generous, isGenerous } from '../test-policy.ts'

/** With one that entities of a test's own may refer to. */
export type TestOrganizationEntities = OrganizationEntities & { Organization: EntityClass<object> }

/** A host's entities of organizations, with either kind of key. */
export function createTestOrganizationEntities(
  idType: 'uuid' | 'bigint',
  User: EntityClass<object>,
): TestOrganizationEntities {
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
export type TestOrganizationsOptions = Partial<
  Pick<OrganizationsOptions, 'personal' | 'policy' | 'roles' | 'data'>
>

/**
 * The organizations of the test host, without limits where the policy of accounts has none. Nobody gets one unasked, unless
 * the test is about that.
 */
export function configureTestOrganizations(
  entities: OrganizationEntities,
  policy: PolicyOverrides = {},
  changes: TestOrganizationsOptions = {},
): AreaHandle {
  return configureOrganizations({
    ...testRoles,
    entities,
    personal: false,
    reservedSlugs: ['billing'],
    policy: isGenerous(policy) ? generousOrganizations : {},
    ...changes,
  })
}

/** For tests that are not about limits. */
export const generousOrganizations = {
  creations: generous,
  slugChanges: generous,
  changes: generous,
  policies: generous,
  invitations: generous,
  organizationInvitations: generous,
  newOrganizationInvitations: generous,
  invitationMails: generous,
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
