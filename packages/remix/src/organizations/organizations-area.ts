import { configureOrganizations, type OrganizationsOptions } from '@sigra/mikro-orm'
import type { Area, AreaKind } from '../area.ts'
import { createOrganizations, type Organizations } from './organizations.ts'

/** What `sigra.area` gives of organizations. */
export interface OrganizationsKind<Permission extends string, Role extends string> extends AreaKind {
  api: Organizations<Permission, Role>
}

/**
 * Organizations with what an app decides about them. Name what this returns in `areas`, and give it to `sigra.area`.
 *
 * @example
 * export const organizations = organizationsArea({
 *   entities: organizationEntities,
 *   permissions: ['project:read', 'project:write'],
 *   roles: { owner: ['*'], admin: ['members:*', 'project:*'], member: ['members:read', 'project:read'] },
 *   owner: 'owner',
 *   default: 'member',
 * })
 */
export function organizationsArea<const Permission extends string, const Role extends string>(
  options: OrganizationsOptions<Permission, Role>,
): Area<OrganizationsKind<Permission, Role>> {
  const isRole = (name: string): name is Role => Object.hasOwn(options.roles, name)
  return {
    ...configureOrganizations(options),
    createApi: ({ edge }) => createOrganizations<Permission, Role>(edge, isRole),
  }
}
