// sigra:file organizations
import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { openInvitation, organizationInvitationProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, openInvitation, organizationInvitationProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from '../../accounts/entities/user.ts'
import { Organization } from './organization.ts'

const OrganizationInvitationSchema = defineEntity({
  name: 'OrganizationInvitation',
  tableName: 'organization_invitations',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    organization: () => p.manyToOne(Organization).deleteRule('cascade'),
    invitedBy: () => p.manyToOne(User).nullable().deleteRule('set null'),
    acceptedBy: () => p.manyToOne(User).nullable().deleteRule('set null'),
    ...organizationInvitationProperties,
  },
  uniques: [{ properties: ['organization', 'emailCanonical'], where: openInvitation }],
  indexes: [{ properties: ['emailCanonical'] }],
})

/** An email address that was asked to join, and what came of it. */
export class OrganizationInvitation extends OrganizationInvitationSchema.class {}

OrganizationInvitationSchema.setClass(OrganizationInvitation)
