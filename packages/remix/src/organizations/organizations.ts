import type { OrganizationPermission } from '@sigra/core'
import {
  acrossOrganizations,
  forOrganization,
  type OfOrganization,
  type OrganizationRows,
  type OrganizationsPolicy,
  requireOrganizations,
} from '@sigra/mikro-orm'
import type { Edge } from '../edge.ts'

/** Whose rights are asked about. */
export interface WithPermissions {
  /** Everything that is allowed; what is not in it is not. */
  readonly permissions: ReadonlySet<string>
}

/** What an app does with its organizations. */
export interface Organizations<Permission extends string, Role extends string> {
  /** Times and numbers, as `organizationsArea` was told and by default. */
  readonly policy: OrganizationsPolicy
  /** The names of all roles, in the order they were written down. */
  readonly roles: readonly Role[]
  /** Whether a scope may do something. */
  can(scope: WithPermissions, permission: Permission | OrganizationPermission): boolean
  /** The rows of one organization: nothing of another one is read or written by them. */
  forOrganization(scope: OfOrganization): OrganizationRows
  /**
   * An EntityManager that sees the rows of all organizations: for jobs and your own staff's pages.
   *
   * @param reason Why, for whoever reads the code.
   * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` without a reason.
   */
  acrossOrganizations(reason: string): ReturnType<typeof acrossOrganizations>
}

export function createOrganizations<Permission extends string, Role extends string>(
  { runtime }: Edge,
  isRole: (name: string) => name is Role,
): Organizations<Permission, Role> {
  const { policy, roles } = requireOrganizations(runtime)
  return {
    policy,
    roles: roles.names.filter(isRole),
    can: ({ permissions }, permission) => permissions.has(permission),
    forOrganization: (scope) => forOrganization(runtime.orm, scope),
    acrossOrganizations: (reason) => acrossOrganizations(runtime.orm, reason),
  }
}
