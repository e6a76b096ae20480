export {
  type BackupCode,
  checkBackupCode,
  createBackupCodes,
  hashBackupCode,
  parseBackupCode,
} from './backup-code.ts'
export { decodeBase32, encodeBase32 } from './base32.ts'
export { decodeCanonical, encodeBase64Url } from './base64url.ts'
export {
  type BreachAnswer,
  type BreachCheck,
  type BreachCheckOptions,
  createBreachCheck,
} from './breach-check.ts'
export type { Brand } from './brand.ts'
export type { Bytes } from './bytes.ts'
export { isEqualConstantTime } from './constant-time.ts'
export { type CanonicalEmail, DELETED_DOMAIN, type EmailAddress, maskEmail, parseEmail } from './email.ts'
export { ConfigInvalid, Impossible, Overloaded, SigraError } from './errors.ts'
export { sha256 } from './hash.ts'
export {
  createMac,
  createRootSecret,
  type KeyRing,
  parseKeyRing,
  type ParseKeyRingOptions,
} from './key-ring.ts'
export { deriveMailedCode, parseMailedCode } from './mailed-code.ts'
export {
  createSelector,
  deriveMailedToken,
  type MailedToken,
  type MailedTokenText,
  parseMailedToken,
  parseSelector,
  type Selector,
  type TokenPurpose,
} from './mailed-token.ts'
export { normalizePassword } from './normalize-password.ts'
export { google, type GoogleOptions } from './oauth/google.ts'
export { oidc, type OidcOptions } from './oauth/oidc.ts'
export type {
  AuthorizeRequest,
  ExchangeRequest,
  Provider,
  ProviderAnswer,
  ProviderAttempt,
  ProviderFailure,
  ProviderProfile,
} from './oauth/provider.ts'
export { createProviderAttempt } from './oauth/provider-attempt.ts'
export {
  createPersonalSlug,
  isOrganizationSlug,
  type OrganizationSlug,
  parseOrganizationSlug,
  reservedSlugs,
  type SlugRefusal,
} from './organizations/organization-slug.ts'
export {
  type Grant,
  type OrganizationPermission,
  organizationPermissions,
  readRoles,
  type RoleOptions,
  type Roles,
} from './organizations/roles.ts'
export { createOtpauthUri, formatTotpSecret, type OtpauthNames } from './otpauth.ts'
export {
  createPasswordHasher,
  type PasswordEngine,
  type PasswordHasher,
  type PasswordHasherOptions,
  type PasswordVerdict,
} from './password-hasher.ts'
export {
  checkPassword,
  type PasswordCheck,
  type PasswordPolicy,
  type PasswordProblem,
} from './password-policy.ts'
export {
  type ChallengeBinding,
  type ChallengeOptions,
  type ChallengePurpose,
  type ChallengeRefusal,
  type ChallengeResult,
  checkChallenge,
  createChallenge,
  type PasskeyChallenge,
  type SpentChallenge,
} from './passkeys/challenge.ts'
export {
  type AuthenticationOptions,
  createAuthenticationOptions,
  createEnrolmentOptions,
  createUserHandle,
  type EnrolmentOptions,
  type EnrolmentOptionsInput,
} from './passkeys/create-options.ts'
export {
  type AuthenticationResponse,
  type EnrolmentResponse,
  parseAuthenticationResponse,
  parseEnrolmentResponse,
} from './passkeys/parse-response.ts'
export { findProviderName } from './passkeys/provider-name.ts'
export { checkRpId, isSharedSuffix, type RelyingParty } from './passkeys/relying-party.ts'
export {
  type AuthenticationInput,
  type AuthenticationRefusal,
  type AuthenticationResult,
  type CounterRegressed,
  type PasskeyUse,
  type StoredPasskey,
  verifyAuthentication,
} from './passkeys/verify-authentication.ts'
export {
  type EnrolmentInput,
  type EnrolmentRefusal,
  type EnrolmentResult,
  type NewPasskey,
  verifyEnrolment,
} from './passkeys/verify-enrolment.ts'
export { type FillRandom, systemRandom } from './random.ts'
export { createRandomToken, isRandomToken } from './random-token.ts'
export { parseRedirectTo, type RedirectOptions } from './redirect.ts'
export { type LoadedPackage, requireOneVersion } from './require-one-version.ts'
export { open, readKeyId, seal } from './sealed-value.ts'
export {
  createSessionToken,
  hashSessionToken,
  parseSessionToken,
  type SessionToken,
  type SessionTokenHash,
} from './session-token.ts'
export { sanitizeText } from './text.ts'
export {
  checkTotp,
  createTotpCode,
  createTotpSecret,
  type TotpOptions,
  type TotpRefusal,
  type TotpResult,
  totpStep,
} from './totp.ts'
export { createUuidV7 } from './uuid-v7.ts'
export { version } from './version.ts'
