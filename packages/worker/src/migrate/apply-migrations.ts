import type { Runtime } from '@sigra/mikro-orm'
import { migrateQueue } from '../queue/migrate-queue.ts'
import { grantToAppRole } from './grant-to-app-role.ts'
import { runMigrations } from './run-migrations.ts'

export interface DatabaseUrls {
  /** Of the role that owns the schema; the app's where there is no other. */
  ownerUrl: string
  appUrl: string
}

/**
 * Brings a database up to date whose migrations were read: the app's migrations, then the mail queue's; with an owner of
 * its own, the app's role then gets its rights.
 *
 * @param say Takes a sentence for each thing that was done.
 * @throws {MigrationFailed} `SIGRA_MIGRATION_REFUSED` naming the migration the database refused, and what about.
 */
export async function applyMigrations(
  orm: Runtime['orm'],
  { ownerUrl, appUrl }: DatabaseUrls,
  say: (sentence: string) => void,
): Promise<void> {
  const applied = await runMigrations(orm, 'up')
  for (const { name } of applied) say(`Applied migration ${name}`)
  if (applied.length === 0) say('Migrations are up to date')
  await migrateQueue(ownerUrl)
  say('The mail queue is up to date')
  const role = ownerUrl === appUrl ? null : await grantToAppRole(orm, ownerUrl, appUrl)
  if (role !== null) say(`The role ${role} may use the app's tables and append to the audit log`)
}

/** @returns A sentence that names what is not applied yet; `null` where nothing is. */
export async function explainPending(orm: Runtime['orm']): Promise<string | null> {
  const pending = await orm.migrator.getPending()
  if (pending.length === 0) return null
  return `The database is not up to date (${pending.map(({ name }) => name).join(', ')}). Run: npm run db:migrate`
}
