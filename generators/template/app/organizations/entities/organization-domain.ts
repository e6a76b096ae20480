// sigra:file organizations
import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { organizationDomainProperties, uuidKey, verifiedDomain } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, organizationDomainProperties, verifiedDomain } from '@sigra/remix/schema'
// sigra:end
import { Organization } from './organization.ts'

const OrganizationDomainSchema = defineEntity({
  name: 'OrganizationDomain',
  tableName: 'organization_domains',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    organization: () => p.manyToOne(Organization).deleteRule('cascade'),
    ...organizationDomainProperties,
  },
  uniques: [{ properties: ['organization', 'domain'] }, { properties: ['domain'], where: verifiedDomain }],
})

/** A domain whose email addresses may join. */
export class OrganizationDomain extends OrganizationDomainSchema.class {}

OrganizationDomainSchema.setClass(OrganizationDomain)
