export {
  NotOrganizationOwned,
  type OrganizationEntities,
  type OrganizationOwned,
  type OrganizationRows,
  type OrganizationsOptions,
  type OrganizationsPolicy,
  organizationTable,
  type OrganizationTable,
  OtherOrganization,
  type OwnedChanges,
  type OwnedData,
  type OrganizationEvent,
  type OrganizationEventPage,
  type AcceptInvitationResult,
  type DomainMode,
  type DomainOffer,
  type DomainRecord,
  type InvitationAnswer,
  type InvitationPage,
  type InvitedLine,
  type OrganizationDomain,
  type OrganizationInvitation,
  type OrganizationMail,
  type OrganizationMember,
  type OrganizationMemberPage,
  type OrganizationTransfer,
  type OwnInvitation,
  type OwnOrganization,
  type PolicyHit,
  type RestorableOrganization,
  type PolicyMethod,
  type PresentPolicy,
  policyMethods,
  type Unmet,
} from '@sigra/mikro-orm'
export type { Grant, OrganizationPermission } from '@sigra/core'
export { organizationsArea, type OrganizationsKind } from './organizations-area.ts'
export type { OrganizationEntrance } from './enter.ts'
export type { Organizations, PolicyForm, RegisterByInvitationAnswer } from './organizations.ts'
export type { Shown } from './guards.ts'
export type { OrganizationRefusal } from './refusal.ts'
export type { OrganizationScope } from './scope.ts'
