import { defineEntity, p } from '@mikro-orm/core'
import { organizationFilter, uuidKey } from '@sigra/remix/schema'
import { User } from '../accounts/entities/user.ts'
import { Organization } from '../organizations/entities/organization.ts'

const ProjectSchema = defineEntity({
  name: 'Project',
  tableName: 'projects',
  properties: {
    id: uuidKey(),
    organization: () => p.manyToOne(Organization),
    name: p.string().length(100),
    createdBy: () => p.manyToOne(User).nullable().deleteRule('set null'),
    createdAt: p.datetime().defaultRaw('current_timestamp'),
    archivedAt: p.datetime().nullable(),
  },
  indexes: [{ properties: ['organization', 'name'] }, { properties: ['createdBy'] }],
  filters: organizationFilter, // without a scope, nothing of it is read
})

/** What people of an organization work on. */
export class Project extends ProjectSchema.class {}

ProjectSchema.setClass(Project)
