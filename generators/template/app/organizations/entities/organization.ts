// sigra:file organizations
import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { organizationProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, organizationProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from '../../accounts/entities/user.ts'

const OrganizationSchema = defineEntity({
  name: 'Organization',
  tableName: 'organizations',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    ...organizationProperties, // name, slug, deleteAfter …: they change with the library
    personalOwner: () => p.manyToOne(User).nullable().unique().deleteRule('cascade'),
  },
})

/** What people work in together. Whoever registers has one of their own. */
export class Organization extends OrganizationSchema.class {}

OrganizationSchema.setClass(Organization)
