export {
  NotOrganizationOwned,
  type OrganizationEntities,
  type OrganizationOwned,
  type OrganizationRows,
  type OrganizationsOptions,
  type OrganizationsPolicy,
  OtherOrganization,
  type OwnedChanges,
  type OwnedData,
  type OrganizationMember,
  type OrganizationMemberPage,
  type OwnOrganization,
} from '@sigra/mikro-orm'
export type { Grant, OrganizationPermission } from '@sigra/core'
export { organizationsArea, type OrganizationsKind } from './organizations-area.ts'
export type { Organizations } from './organizations.ts'
export type { Shown } from './guards.ts'
export type { OrganizationScope } from './scope.ts'
