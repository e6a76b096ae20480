import type { organizationDomainProperties } from '../../schema/organization-domain.ts'
import type { organizationInvitationProperties } from '../../schema/organization-invitation.ts'
import type { organizationMembershipProperties } from '../../schema/organization-membership.ts'
import type { organizationProperties } from '../../schema/organization.ts'
import type { organizationSlugProperties } from '../../schema/organization-slug.ts'
import type { ColumnOf } from '../column-of.ts'

/** What of organizations works once or is counted. */
export const organizationRaceSubjects = [
  'organization.deleteAfter',
  'organization.transferUndoUntil',
  'organizationSlug.slug',
  'organizationMembership.role',
  'organizationInvitation.acceptedAt',
  'organizationDomain.verifiedAt',
  'organization.seatLimit',
] as const satisfies readonly (
  | ColumnOf<'organization', typeof organizationProperties>
  | ColumnOf<'organizationSlug', typeof organizationSlugProperties>
  | ColumnOf<'organizationMembership', typeof organizationMembershipProperties>
  | ColumnOf<'organizationDomain', typeof organizationDomainProperties>
  | ColumnOf<'organizationInvitation', typeof organizationInvitationProperties>
  | 'organization.seatLimit' // typed as nothing: see the schema
)[]
