import { defineEntity, p } from '@mikro-orm/core'
import { currentSlug, organizationSlugProperties } from '@sigra/remix/schema'
import { Organization } from './organization.ts'

const OrganizationSlugSchema = defineEntity({
  name: 'OrganizationSlug',
  tableName: 'organization_slugs',
  properties: {
    ...organizationSlugProperties,
    organization: () => p.manyToOne(Organization).deleteRule('cascade'),
  },
  uniques: [{ properties: ['organization'], where: currentSlug }],
})

/** What an organization goes by in web addresses, or went by a while ago. */
export class OrganizationSlug extends OrganizationSlugSchema.class {}

OrganizationSlugSchema.setClass(OrganizationSlug)
