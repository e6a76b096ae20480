export { organizationFilter } from '../organizations/organization-filter.ts'
export { auditEventProperties, ofOrganization } from './audit-event.ts'
export { databaseTls } from '../database/database-tls.ts'
export {
  auditProtectionSql,
  type AuditProtectionOptions,
  dropAuditProtectionSql,
  unloggedSql,
} from './database-objects.ts'
export { bigintKey, uuidKey } from './keys.ts'
export { limitProperties } from './limit.ts'
export { organizationDomainProperties, verifiedDomain } from './organization-domain.ts'
export { organizationExclusionProperties } from './organization-exclusion.ts'
export { openInvitation, organizationInvitationProperties } from './organization-invitation.ts'
export { organizationMembershipProperties } from './organization-membership.ts'
export {
  dropOrganizationOwnerSql,
  organizationOwnerSql,
  type OrganizationOwnerOptions,
} from './organization-owner.ts'
export { organizationProperties } from './organization.ts'
export { currentSlug, organizationSlugProperties } from './organization-slug.ts'
export { userAddressHoldProperties } from './user-address-hold.ts'
export { userBackupCodeProperties } from './user-backup-code.ts'
export { userConsentProperties } from './user-consent.ts'
export { pendingEmailChange, userEmailChangeProperties } from './user-email-change.ts'
export { userKnownBrowserProperties } from './user-known-browser.ts'
export { userPasskeyProperties } from './user-passkey.ts'
export { scheduledForDeletion, userProperties } from './user.ts'
export { userSessionProperties } from './user-session.ts'
export { userTokenProperties } from './user-token.ts'
export { userTotpProperties } from './user-totp.ts'
export { webauthnSpentChallengeProperties } from './webauthn-spent-challenge.ts'
export { workerHeartbeatProperties } from './worker-heartbeat.ts'
