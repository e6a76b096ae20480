export { MailMissing, readMails, waitForMail, type ReceivedMail, type WaitForMailOptions } from './mailbox.ts'
export { AppFailed, createAppTemplate, startApp, type StartAppOptions, type StartedApp } from './start-app.ts'
export {
  createTemplateDatabase,
  createTestDatabase,
  type TestDatabase,
  type TestDatabaseOptions,
} from './test-database.ts'
export { KeyUnreadable, totpCode, type TotpCodeOptions } from './totp-code.ts'
