export { MailMissing, readMails, waitForMail, type ReceivedMail, type WaitForMailOptions } from './mailbox.ts'
export {
  createOrganization,
  ensureOrganization,
  organizationRows,
  type OrganizationSetup,
} from './organization.ts'
export {
  createPerson,
  type EnsuredPerson,
  ensurePerson,
  type PersonFields,
  type PersonOptions,
  type PersonState,
} from './person.ts'
export { AppFailed, createAppTemplate, startApp, type StartAppOptions, type StartedApp } from './start-app.ts'
export { TestBrowser, type TestBrowserOptions, type TestPage } from './test-browser.ts'
export { createTestClock, type TestClock } from './test-clock.ts'
export {
  createTemplateDatabase,
  createTestDatabase,
  type TestDatabase,
  type TestDatabaseOptions,
} from './test-database.ts'
export { undeclaredTables } from './undeclared-tables.ts'
export { startTestPostgres, type TestPostgres } from './test-postgres.ts'
export { TestSetupFailed } from './test-setup-failed.ts'
export type { Person, PreparedOrganization, TestedSigra } from './tested-app.ts'
export { KeyUnreadable, totpCode, type TotpCodeOptions } from './totp-code.ts'
export {
  type CeremonyChanges,
  createSoftwarePasskey,
  type SoftwareAuthentication,
  type SoftwareEnrolment,
  type SoftwarePasskey,
  type SoftwarePasskeyOptions,
} from '@sigra/core/testing'
export {
  addVirtualAuthenticator,
  type CdpPage,
  type CdpSession,
  type VirtualAuthenticator,
} from './passkeys/virtual-authenticator.ts'
