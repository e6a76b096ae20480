import { defineEntity, p } from '@mikro-orm/core'
import { organizationDomainProperties, uuidKey, verifiedDomain } from '@sigra/remix/schema'
import { Organization } from './organization.ts'

const OrganizationDomainSchema = defineEntity({
  name: 'OrganizationDomain',
  tableName: 'organization_domains',
  properties: {
    id: uuidKey(),
    organization: () => p.manyToOne(Organization).deleteRule('cascade'),
    ...organizationDomainProperties,
  },
  uniques: [{ properties: ['organization', 'domain'] }, { properties: ['domain'], where: verifiedDomain }],
})

/** A domain whose email addresses may join. */
export class OrganizationDomain extends OrganizationDomainSchema.class {}

OrganizationDomainSchema.setClass(OrganizationDomain)
