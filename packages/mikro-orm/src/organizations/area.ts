import type { AreaDeclaration } from '../areas/area.ts'
import { type Bundle, keyOfUser, ownedByUser } from '../read-table.ts'
import { organizationDomainProperties } from '../schema/organization-domain.ts'
import { organizationExclusionProperties } from '../schema/organization-exclusion.ts'
import { organizationInvitationProperties } from '../schema/organization-invitation.ts'
import { organizationMembershipProperties } from '../schema/organization-membership.ts'
import { organizationSlugProperties } from '../schema/organization-slug.ts'
import { organizationProperties } from '../schema/organization.ts'
import { organizationLinkMails, organizationNotices, organizationPlainNotices } from './organization-mails.ts'

/**
 * `slug`, `formerSlug`: of the organization, then. `role`, `formerRole`: of the member it is about. Whom a line is about reads
 * of it on the pages of the organization: the activity of an account is what its owner does to it, and that they asked for a
 * deletion.
 */
export const organizationActions = {
  'organization.created': { metadata: ['slug'], subject: 'hidden' },
  'organization.renamed': { metadata: [], subject: 'hidden' },
  'organization.slug_changed': { metadata: ['slug', 'formerSlug'], subject: 'hidden' },
  'organization.policy_changed': {
    metadata: ['secondFactorFrom', 'allowedMethods', 'maxSessionMinutes'],
    subject: 'hidden',
  },
  'organization.transferred': { metadata: ['role', 'formerRole'], subject: 'hidden' },
  'organization.transfer_undone': { metadata: [], subject: 'hidden' },
  'organization.deletion_scheduled': { metadata: ['slug'], subject: 'disputable' },
  'organization.restored': { metadata: [], subject: 'hidden' },
  'organization.deletion_failed': { metadata: [], subject: 'hidden' },
  'organization.deleted': { metadata: ['slug'], subject: 'hidden' },
  'organization.switched': { metadata: [], subject: 'hidden' },
  'domain.added': { metadata: ['domain'], subject: 'hidden' },
  'domain.verified': { metadata: ['domain'], subject: 'hidden' },
  'domain.lost': { metadata: ['domain'], subject: 'hidden' },
  'domain.removed': { metadata: ['domain'], subject: 'hidden' },
  'member.added': { metadata: ['role'], subject: 'hidden' },
  'member.removed': { metadata: ['formerRole'], subject: 'hidden' },
  'member.left': { metadata: ['formerRole'], subject: 'hidden' },
  'member.role_changed': { metadata: ['role', 'formerRole'], subject: 'hidden' },
  'invitation.sent': { metadata: ['role'], subject: 'hidden' },
  'invitation.resent': { metadata: ['role'], subject: 'hidden' },
  'invitation.revoked': { metadata: ['role'], subject: 'hidden' },
  'invitation.accepted': { metadata: ['role'], subject: 'hidden' },
  'invitation.declined': { metadata: ['role'], subject: 'hidden' },
} as const

export type OrganizationAction = keyof typeof organizationActions

export type OrganizationMetadataKey = (typeof organizationActions)[OrganizationAction]['metadata'][number]

export const organizationChannels = {
  'organization.change':
    'An organization was made, renamed or handed over, its slug or its policy changed, it is to be deleted, or it was restored',
  'organization.switch': 'Somebody went on in another organization',
  'member.change': 'A member joined by the domain of their address, got another role, was removed or left',
  'domain.verify': 'A domain was added or removed, got another mode, or its DNS is to be asked soon',
  'invitation.send': 'Somebody was invited, once more, or no longer',
  'invitation.accept': 'An invitation was accepted, or declined, by somebody with an account or without',
} as const

export type OrganizationChannel = keyof typeof organizationChannels

export type OrganizationSensitiveAction =
  | 'change-organization-slug'
  | 'change-organization-policy'
  | 'change-organization-domains'
  | 'delete-organization'
  | 'make-organization-owner'
  | 'transfer-organization'

/** What every table that belongs to an organization has beside its bundle. */
const ownedByOrganization = {
  organization: { '~options': { fieldName: 'organization_id' } },
  id: keyOfUser,
} satisfies Bundle

/** Whoever registers by the link of an invitation. */
export type OrganizationSignInMethod = 'invitation'

/** What organizations bring to every app that has them. */
export const organizations = {
  name: 'organizations',
  needs: [],
  tables: {
    Organization: {
      ...organizationProperties,
      id: keyOfUser,
      personalOwner: { '~options': { fieldName: 'personal_owner_id' } },
    },
    OrganizationSlug: { ...organizationSlugProperties, organization: ownedByOrganization.organization },
    OrganizationMembership: { ...organizationMembershipProperties, ...ownedByOrganization, ...ownedByUser },
    OrganizationInvitation: {
      ...organizationInvitationProperties,
      ...ownedByOrganization,
      invitedBy: { '~options': { fieldName: 'invited_by_id' } },
      acceptedBy: { '~options': { fieldName: 'accepted_by_id' } },
    },
    OrganizationExclusion: { ...organizationExclusionProperties, ...ownedByOrganization, ...ownedByUser },
    OrganizationDomain: { ...organizationDomainProperties, ...ownedByOrganization },
  },
  auditActions: organizationActions,
  channels: organizationChannels,
  notices: organizationNotices,
  plainNotices: organizationPlainNotices,
  linkMails: organizationLinkMails,
  below: {},
} satisfies AreaDeclaration
