import { defineEntity, p } from '@mikro-orm/core'
import { organizationExclusionProperties, uuidKey } from '@sigra/remix/schema'
import { User } from '../../accounts/entities/user.ts'
import { Organization } from './organization.ts'

const OrganizationExclusionSchema = defineEntity({
  name: 'OrganizationExclusion',
  tableName: 'organization_exclusions',
  properties: {
    id: uuidKey(),
    organization: () => p.manyToOne(Organization).deleteRule('cascade'),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...organizationExclusionProperties,
  },
  uniques: [{ properties: ['user', 'organization'] }],
})

/** Somebody who was removed: the domain of their address does not bring them back. */
export class OrganizationExclusion extends OrganizationExclusionSchema.class {}

OrganizationExclusionSchema.setClass(OrganizationExclusion)
