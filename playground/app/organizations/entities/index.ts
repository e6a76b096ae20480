import { OrganizationDomain } from './organization-domain.ts'
import { OrganizationExclusion } from './organization-exclusion.ts'
import { OrganizationInvitation } from './organization-invitation.ts'
import { OrganizationMembership } from './organization-membership.ts'
import { OrganizationSlug } from './organization-slug.ts'
import { Organization } from './organization.ts'

/** By the names the library asks for: `entities` of organizationsArea. */
export const organizationEntities = {
  Organization,
  OrganizationSlug,
  OrganizationMembership,
  OrganizationInvitation,
  OrganizationExclusion,
  OrganizationDomain,
}
