// Runtime and database
export { accountPages, type AccountPage, type AccountPaths, defaultPaths, routesOf } from './account-paths.ts'
export { type CookieEffects, type Caller, type RequestSource } from './caller.ts'
export { createPolicy, defaultPolicy, listPolicy } from './create-policy.ts'
export { DatabaseUnavailable } from './database/database-unavailable.ts'
export { identifier, join, milliseconds, type Sql, sql } from './database/sql.ts'
export { databaseNow, inTransaction, newId, statement, type Transaction } from './database/transaction.ts'
export { ImpersonationRefused } from './flows/refuse-impersonation.ts'
export type { ComesBack, DeletionBlocker, GoesAlong, HookedUser, Hooks, SecuredUser } from './hooks.ts'
export { createJsonLogger, type Logger } from './logger.ts'
export type { Admission, Draft, DraftedMail } from './mail/mail-outcome.ts'
export {
  type Bucket,
  type Policy,
  type PolicyCheck,
  type PolicyEntry,
  type PolicyOverrides,
} from './policy.ts'

// What an app keeps about people
export {
  type AccountData,
  type AccountUser,
  type AccountTable,
  accountTable,
  accountUser,
  defineAccountData,
} from './account-data/account-data.ts'
export { listUndeclared } from './account-data/list-undeclared.ts'

// Areas
export type { AreaCredential, AreaMailKind } from './areas.ts'
export { areaNames } from './areas/area-names.ts'
export type {
  AreaDeclaration,
  DeclaredArea,
  AreaGround,
  AreaHandle,
  AreaNotice,
  AreaParts,
  AreaSweep,
  OpenArea,
} from './areas/area.ts'
export { AREA_TASK } from './areas/area-task.ts'
export { type AreaTaskOptions, runAreaTasks } from './areas/run-area-tasks.ts'
export { refuseUnknown } from './refuse-unknown.ts'
export { requireSwitch } from './require-switch.ts'
export { createRuntime, type Runtime, type RuntimeOptions } from './runtime.ts'
export { parseSender, type Sender, type SenderDefaults } from './mail/sender.ts'
export { parseSmtpUrl } from './mail/smtp-url.ts'
export { type ResolvedSession, type SessionUser, stepOf, type SudoMethod } from './sessions/session.ts'
export { checkSettings, type Environment, type SettingsCheck } from './start/check-settings.ts'
export { parseTrustedProxies } from './start/trusted-proxies.ts'
export { checkDatabaseUrl } from './database/database-url.ts'
export { checkStart, requireStart } from './start/check-start.ts'
export type { Table } from './read-table.ts'
export { type Entities, readTables, type Tables } from './tables.ts'
export { REPEAT_SECONDS } from './tokens/repeat-seconds.ts'
export { toUserId, type UserId } from './user-id.ts'
export { version } from './version.ts'

// What flows answer
export type {
  Busy,
  Confirmed,
  ConfirmedDisabled,
  FieldError,
  FieldErrors,
  FieldReason,
  Invalid,
  Limited,
  MailSignInResult,
  SessionEnded,
  SetPasswordResult,
  SignInSuccess,
  TotpEnrolment,
  Unconfirmed,
} from './flow-result.ts'

// Steps of a sign-in
export {
  awaitedBy,
  type Awaiting,
  type SignInStage,
  stepPages,
  stepPath,
  stepPaths,
} from './sessions/sign-in-steps.ts'

// Sessions
export {
  type BrowserToken,
  createBrowserToken,
  hashBrowserToken,
  parseBrowserToken,
} from './sessions/browser-token.ts'
export { hashTrustToken, parseTrustTokens, type TrustToken } from './sessions/trust-token.ts'
export { resolveSession } from './sessions/resolve-session.ts'
export { type Principal, principalOf } from './sessions/principal.ts'
export { SessionOvertaken } from './sessions/continue-session.ts'

// Log-in, log-out, health
export { checkReadiness, type Readiness } from './health/check-readiness.ts'
export { type LogInInput, type LogInResult, logInUser } from './log-in/log-in-user.ts'
export { logOutUser } from './log-out/log-out-user.ts'
export { deleteAllUserSessionTokens } from './sessions/delete-sessions.ts'

// Magic links
export { deliverUserLogInInstructions } from './magic-link/deliver-user-log-in-instructions.ts'
export { getUserByMagicLinkToken, type MagicLinkPage } from './magic-link/get-user-by-magic-link-token.ts'
export { logInUserByMagicCode } from './magic-link/log-in-user-by-magic-code.ts'
export { logInUserByMagicLink } from './magic-link/log-in-user-by-magic-link.ts'

export { type SealedAnew, sealSecretsAnew } from './secrets/seal-anew.ts'
export {
  openValue,
  type SealedColumn,
  type SealedPlace,
  sealedPlace,
  sealValue,
} from './secrets/sealed-column.ts'

// Change of address
export { approveUserEmailChange } from './email-change/approve-user-email-change.ts'
export { cancelUserEmailChange } from './email-change/cancel-user-email-change.ts'
export {
  deliverUserUpdateEmailInstructions,
  type RequestEmailChangeResult,
} from './email-change/deliver-user-update-email-instructions.ts'
export {
  getUserByUpdateEmailToken,
  type UpdateEmailPage,
} from './email-change/get-user-by-update-email-token.ts'
export { type EmailChangeState, getUserEmailChange } from './email-change/get-user-email-change.ts'
export { resendUserEmailChange } from './email-change/resend-user-email-change.ts'
export { updateUserEmail, type UpdateEmailResult } from './email-change/update-user-email.ts'

// Deletion
export { cancelUserDeletion, type CancelDeletionResult } from './deletion/cancel-user-deletion.ts'
export { getUserDeletionState, type UserDeletionState } from './deletion/get-user-deletion-state.ts'
export { remindOfUserDeletions } from './deletion/remind-of-user-deletions.ts'
export { runAreaDeletions } from './deletion/run-area-deletions.ts'
export type { DeletionRun, DeletionRun as UserDeletions } from './deletion/delete-each-due.ts'
export { runUserDeletions } from './deletion/run-user-deletions.ts'
export { type ScheduleDeletionResult, scheduleUserDeletion } from './deletion/schedule-user-deletion.ts'

// Documents and consent
export {
  type AcceptDocumentsResult,
  acceptUserDocuments,
  getUserDocuments,
} from './consent/accept-user-documents.ts'
export { type Document, documentKey, type DocumentOptions, type Documents } from './consent/documents.ts'

// Export
export {
  type ExportPieces,
  type ExportResult,
  ExportTooSlow,
  exportUserData,
} from './export/export-user-data.ts'

// Activity
export { type DisputeResult, disputeUserEvent } from './activity/dispute-user-event.ts'
export { listUserActivity, type UserActivity, type UserActivityPage } from './activity/list-user-activity.ts'
export { knownViews } from './activity/subjects-line.ts'

// Settings, sessions, sudo
export { type UserSession, listUserSessions } from './sessions/list-user-sessions.ts'
export {
  revokeAllUserSessions,
  revokeOtherUserSessions,
  type RevokeResult,
  revokeUserSession,
} from './sessions/revoke-user-sessions.ts'
export {
  type ChangePasswordResult,
  changeUserPassword,
  setUserPassword,
} from './settings/change-user-password.ts'
export {
  changeRequiredPassword,
  type ChangeRequiredPasswordResult,
} from './settings/change-required-password.ts'
export { getUserPasswordState, type UserPasswordState } from './settings/get-user-password-state.ts'
export { sudoByPassword, type SudoResult } from './sudo/sudo-by-password.ts'
export {
  type SecondFactorSudoInput,
  type SecondFactorSudoResult,
  sudoBySecondFactor,
} from './sudo/sudo-by-second-factor.ts'
export { deliverUserSudoCode, sudoByCode } from './sudo/sudo-code.ts'
export { type SensitiveAction, SudoRequired } from './sudo/sudo-session.ts'
export { getSudoState, type SudoState } from './sudo/sudo-state.ts'

// Organizations
export { configureOrganizations, type OrganizationsOptions } from './organizations/configure-organizations.ts'
export type { OrganizationEntities } from './organizations/organization-tables.ts'
export {
  type BackfilledOrganizations,
  backfillPersonalOrganizations,
} from './organizations/backfill-personal-organizations.ts'
export {
  type OnOrganizationDelete,
  organizationTable,
  type OrganizationTable,
} from './organizations/organization-data.ts'
export { type ChangeMemberRoleResult, changeMemberRole } from './organizations/change-member-role.ts'
export {
  type ChangeOrganizationSlugResult,
  changeOrganizationSlug,
} from './organizations/change-organization-slug.ts'
export { type CreateOrganizationResult, createOrganization } from './organizations/create-organization.ts'
export { type LeaveOrganizationResult, leaveOrganization } from './organizations/leave-organization.ts'
export {
  listMembers,
  type OrganizationMember,
  type OrganizationMemberPage,
} from './organizations/list-members.ts'
export {
  type InvitationAnswer,
  type InvitedLine,
  inviteMembers,
  type InviteMembersResult,
} from './organizations/invite-members.ts'
export {
  resendInvitation,
  type ResendInvitationResult,
  revokeInvitation,
  type RevokeInvitationResult,
} from './organizations/change-invitation.ts'
export { listInvitations, type OrganizationInvitation } from './organizations/list-invitations.ts'
export {
  acceptInvitation,
  type AcceptInvitationResult,
  declineInvitation,
  type InvitationOver,
  type InvitationPage,
  getInvitationByToken,
} from './organizations/answer-invitation.ts'
export {
  registerByInvitation,
  type RegisterByInvitationInput,
  type RegisterByInvitationResult,
} from './organizations/register-by-invitation.ts'
export {
  acceptOwnInvitation,
  type AcceptOwnInvitationResult,
  declineOwnInvitation,
  listOwnInvitations,
  type OwnInvitation,
} from './organizations/answer-own-invitation.ts'
export { type AddDomainResult, addDomain, type DomainMode } from './organizations/add-domain.ts'
export {
  checkDomain,
  type CheckDomainResult,
  removeDomain,
  type RemoveDomainResult,
} from './organizations/change-domain.ts'
export { checkDomains, type DomainChecks } from './organizations/check-domains.ts'
export type { DomainRecord } from './organizations/domain-record.ts'
export { joinByDomain, type JoinByDomainResult } from './organizations/join-by-domain.ts'
export { type DomainOffer, listDomainOffers } from './organizations/list-domain-offers.ts'
export { listDomains, type OrganizationDomain } from './organizations/list-domains.ts'
export { setSeatLimit } from './organizations/set-seat-limit.ts'
export { listOrganizations, type OwnOrganization } from './organizations/list-organizations.ts'
export {
  listOrganizationEvents,
  type OrganizationEvent,
  type OrganizationEventPage,
  type OrganizationEventsInput,
} from './organizations/list-organization-events.ts'
export {
  listPolicyHits,
  type ListPolicyHitsResult,
  type PolicyHit,
} from './organizations/list-policy-hits.ts'
export {
  type PolicyInput,
  updateOrganizationPolicy,
  type UpdateOrganizationPolicyResult,
} from './organizations/update-organization-policy.ts'
export { getOrganizationPolicy, type PresentPolicy } from './organizations/get-organization-policy.ts'
export { type PolicyMethod, policyMethods } from './organizations/organization-policy.ts'
export type { Unmet } from './organizations/unmet-policy.ts'
export {
  listRestorableOrganizations,
  type RestorableOrganization,
} from './organizations/list-restorable-organizations.ts'
export { restoreOrganization, type RestoreOrganizationResult } from './organizations/restore-organization.ts'
export {
  scheduleOrganizationDeletion,
  type ScheduleOrganizationDeletionResult,
} from './organizations/schedule-organization-deletion.ts'
export { removeMember, type RemoveMemberResult } from './organizations/remove-member.ts'
export { renameOrganization, type RenameOrganizationResult } from './organizations/rename-organization.ts'
export {
  transferOrganization,
  type TransferInput,
  type TransferOrganizationResult,
} from './organizations/transfer-organization.ts'
export {
  getOrganizationTransfer,
  getOrganizationTransferByToken,
  type OrganizationTransfer,
} from './organizations/get-transfer.ts'
export { undoOrganizationTransfer, type UndoTransferResult } from './organizations/undo-transfer.ts'
export { switchOrganization, type SwitchOrganizationResult } from './organizations/switch-organization.ts'
export {
  acrossOrganizations,
  forOrganization,
  type OfOrganization,
  OrganizationRows,
  type OwnedChanges,
  type OwnedData,
} from './organizations/for-organization.ts'
export {
  NotOrganizationOwned,
  type OrganizationOwned,
  OtherOrganization,
} from './organizations/organization-owned.ts'
export type { OrganizationsPolicy } from './organizations/policy.ts'
export { findPresentSlug } from './organizations/find-present-slug.ts'
export { replaceSlug } from './organizations/organization-paths.ts'
export { readSessionOrganization, type SessionOrganization } from './organizations/session-organization.ts'
export { requireOrganizations } from './organizations/require-organizations.ts'

// Passkeys
export {
  configurePasskeys,
  type OpenPasskeys,
  type PasskeyEntities,
  type PasskeysOptions,
} from './passkeys/configure-passkeys.ts'
export { type PasskeyNotice } from './passkeys/area.ts'
export type {
  MemberFacts,
  OrganizationMail,
  OrganizationMailFacts,
  TransferReader,
} from './organizations/mail-facts.ts'
export { listPasskeysPolicy, type PasskeysPolicy } from './passkeys/policy.ts'
export { type PasskeyRefused } from './passkeys/refuse-answer.ts'
export { requirePasskeys } from './passkeys/require-passkeys.ts'
export {
  type AddPasskeyInput,
  type AddPasskeyRefusal,
  type AddPasskeyResult,
  addUserPasskey,
} from './passkeys/add-user-passkey.ts'
export { listUserPasskeys, type UserPasskey } from './passkeys/list-user-passkeys.ts'
export {
  createPasskeyLogIn,
  logInUserByPasskey,
  type PasskeyLogInInput,
  type PasskeyLogInResult,
} from './passkeys/log-in-user-by-passkey.ts'
export { type RemovePasskeyResult, removeUserPasskey } from './passkeys/remove-user-passkey.ts'
export { offerUserPasskey } from './passkeys/offer-user-passkey.ts'
export { type RenamePasskeyResult, renameUserPasskey } from './passkeys/rename-user-passkey.ts'
export { createPasskeyEnrolment, type EnrolmentStart } from './passkeys/create-passkey-enrolment.ts'
export { createPasskeySudo, type PasskeySudoResult, sudoByPasskey } from './passkeys/sudo-by-passkey.ts'
export {
  createPasskeySecondFactor,
  type PasskeySecondFactorInput,
  type PasskeySecondFactorResult,
  verifySecondFactorByPasskey,
} from './passkeys/verify-second-factor-by-passkey.ts'

// Audit, limits, telemetry
export { type AuditAction, auditActions } from './audit/audit-actions.ts'
export {
  type AuditEntry,
  type AuditMetadata,
  type AuditSource,
  recordAuditEvent,
  recordAuditEvents,
} from './audit/record-audit-event.ts'
export { hideIdentifier } from './audit/unknown-identifier.ts'
export { type Charge, chargeLimits, type ChargeResult } from './limits/charge-limits.ts'
export { networkOf } from './limits/network.ts'
export { flowMeanings, type FlowName, flowNames, type FlowTrace, traceFlow } from './telemetry/trace-flow.ts'

// Registration and mail
export { enqueueMail, enqueueNotice } from './mail/enqueue-mail.ts'
export { type MailKind, mailKinds, mailKindsOf, type NoticeKind } from './mail/mail-kinds.ts'
export type { MailEnvelope } from './mail/mail-envelope.ts'
export {
  type ChangeMail,
  type GuidanceMail,
  MAIL_TASK,
  type MailPayload,
  type NoticeMail,
  parseMailPayload,
  type RequestedMail,
  type TokenMail,
} from './mail/mail-payload.ts'
export type { BrowserNames } from './mail/browser-names.ts'
export { findMailReaders, type MailReader } from './mail/find-mail-readers.ts'
export type { AskedFrom, BlockedProps, MailProps, MailUser, RemovedByNotMe } from './mail/mail-props.ts'
export type { MailCommon, NoticeProps } from './mail/notice-facts.ts'
export { admitMails } from './mail/admit-mails.ts'
export { draftMail } from './mail/draft-mail.ts'
export { recordMailFailure } from './mail/record-mail-failure.ts'
export {
  type RegisterInput,
  type RegisterOptions,
  type RegisterResult,
  registerUser,
} from './register/register-user.ts'
export { readHostFields } from './register/host-fields.ts'

// Second factors
export { type ActivateResult, activateUserTotp } from './second-factor/activate-user-totp.ts'
export { unblockUserSecondFactor } from './second-factor/clear-failures.ts'
export { type DisableResult, disableUserTotp } from './second-factor/disable-user-totp.ts'
export { type EnrollResult, enrollUserTotp } from './second-factor/enroll-user-totp.ts'
export {
  getUserSecondFactorState,
  type SecondFactorState,
} from './second-factor/get-user-second-factor-state.ts'
export { type IssueCodesResult, issueUserBackupCodes } from './second-factor/issue-user-backup-codes.ts'
export {
  type RegenerateResult,
  regenerateUserBackupCodes,
} from './second-factor/regenerate-user-backup-codes.ts'
export {
  allowUserOneStep,
  type RequireStepResult,
  requireUserSecondStep,
} from './second-factor/require-user-second-step.ts'
export {
  type VerifyInput,
  type VerifyResult,
  verifyUserSecondFactor,
} from './second-factor/verify-user-second-factor.ts'

// Confirmation, reset, sweeps
export { type ConfirmByCodeResult, confirmUserByCode } from './confirm/confirm-user-by-code.ts'
export { confirmUserWithNewPassword } from './confirm/confirm-user-with-new-password.ts'
export { confirmUser, type ConfirmResult } from './confirm/confirm-user.ts'
export { deliverUserConfirmationInstructions } from './confirm/deliver-user-confirmation-instructions.ts'
export {
  type ConfirmationPage,
  getUserByConfirmationToken,
} from './confirm/get-user-by-confirmation-token.ts'
export { isConfirmedHere } from './confirm/is-confirmed-here.ts'
export { rejectRegistration } from './confirm/reject-registration.ts'
export { getUserByNotMeToken, type NotMePage } from './not-me/get-user-by-not-me-token.ts'
export { secureUser } from './not-me/secure-user.ts'
export { deliverUserResetPasswordInstructions } from './reset/deliver-user-reset-password-instructions.ts'
export { getUserByResetPasswordToken, type ResetPage } from './reset/get-user-by-reset-password-token.ts'
export { resetUserPassword } from './reset/reset-user-password.ts'
export { applyAuditRetention } from './sweeps/apply-audit-retention.ts'
export { sweepExpired } from './sweeps/sweep-expired.ts'
