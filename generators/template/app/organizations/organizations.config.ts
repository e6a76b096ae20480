// sigra:file organizations
import { organizationsArea } from '@sigra/remix/organizations'
import { organizationEntities } from './entities/index.ts'
import { organizationData } from './organization-data.ts'
import { organizationPaths } from './paths.ts'

/** What this app decides about organizations. Node reads it too: relative imports with `.ts`, no JSX. */
export const organizations = organizationsArea({
  entities: organizationEntities,
  // What your own pages ask for, as `subject:verb`: requireMember(args, 'project:write').
  permissions: ['project:read', 'project:write'],
  // What each role may; what is not given is not allowed. Give each its name in words.ts.
  roles: {
    owner: ['*'],
    admin: ['organization:update', 'members:*', 'project:*'],
    member: ['members:read', 'project:read'],
  },
  owner: 'owner',
  default: 'member',
  // Whoever registers gets an organization of their own.
  personal: true,
  paths: [organizationPaths.one],
  invitationsPath: organizationPaths.invitation,
  transfersPath: organizationPaths.transfers,
  policy: {},
  data: organizationData,
})
