// sigra:file organizations
import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { organizationMembershipProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, organizationMembershipProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from '../../accounts/entities/user.ts'
import { Organization } from './organization.ts'

const OrganizationMembershipSchema = defineEntity({
  name: 'OrganizationMembership',
  tableName: 'organization_memberships',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    organization: () => p.manyToOne(Organization).deleteRule('cascade'),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...organizationMembershipProperties,
  },
  uniques: [{ properties: ['user', 'organization'] }],
  indexes: [{ properties: ['organization', 'id'] }],
})

/** Somebody in an organization, with the role they have there. */
export class OrganizationMembership extends OrganizationMembershipSchema.class {}

OrganizationMembershipSchema.setClass(OrganizationMembership)
