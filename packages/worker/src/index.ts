// Running
export { applyMigrations, type DatabaseUrls, explainPending } from './migrate/apply-migrations.ts'
export {
  findConnectionProblem,
  migrateDatabase,
  type MigrateDatabaseOptions,
} from './migrate/migrate-database.ts'
export { MigrationFailed } from './migrate/migration-failed.ts'
export { readMigrations } from './migrate/read-migrations.ts'
export { runMigrations } from './migrate/run-migrations.ts'
export { backfillOrganizations } from './organizations/backfill-organizations.ts'
export { migrateQueue } from './queue/migrate-queue.ts'
export type { QueueIntervals, RunningWorker } from './queue/running-worker.ts'
export { runWorker, type WorkerOptions } from './run-worker.ts'
export { checkDatabaseUrl, checkSettings, type SettingsCheck } from '@sigra/mikro-orm'

// The host's templates
export type {
  BlockedProps,
  BrowserNames,
  MailCommon,
  MailKind,
  MailProps,
  MailUser,
  NoticeProps,
} from '@sigra/mikro-orm'
export { type RenderedSample, renderSamples } from './mail/call-template.ts'
export type { AreaMails, AreaMailSamples, Mail, Mails, MailSamples } from './mail/mails.ts'
export { type RenderedMail, renderMail } from './mail/render-mail.ts'

// Where mail goes
export { defaultTransport, MAILBOX_DIRECTORY } from './mail/default-transport.ts'
export { MailNotSent } from './mail/mail-not-sent.ts'
export { MailRefused, type MailTransport, type OutgoingMail } from './mail/mail-transport.ts'
export { type MailboxMessage, mailboxTransport } from './mail/mailbox-transport.ts'
export { smtpTransport } from './mail/smtp-transport.ts'
