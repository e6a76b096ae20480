import { defineEntity, p } from '@mikro-orm/core'
import { organizationProperties, uuidKey } from '@sigra/remix/schema'
import { User } from '../../accounts/entities/user.ts'

const OrganizationSchema = defineEntity({
  name: 'Organization',
  tableName: 'organizations',
  properties: {
    id: uuidKey(),
    ...organizationProperties, // name, slug, deleteAfter …: they change with the library
    personalOwner: () => p.manyToOne(User).nullable().unique().deleteRule('cascade'),
  },
})

/** What people work in together. Whoever registers has one of their own. */
export class Organization extends OrganizationSchema.class {}

OrganizationSchema.setClass(Organization)
