export {
  NotOrganizationOwned,
  type OfOrganization,
  type OrganizationEntities,
  type OrganizationOwned,
  OrganizationRows,
  type OrganizationsOptions,
  type OrganizationsPolicy,
  OtherOrganization,
  type OwnedChanges,
  type OwnedData,
} from '@sigra/mikro-orm'
export type { Grant, OrganizationPermission } from '@sigra/core'
export { organizationsArea, type OrganizationsKind } from './organizations-area.ts'
export type { Organizations, WithPermissions } from './organizations.ts'
