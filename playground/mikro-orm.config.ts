import { Migrator } from '@mikro-orm/migrations'
import { defineConfig } from '@mikro-orm/postgresql'
import { databaseTls } from '@sigra/remix/schema'
import { sigraEntities } from './app/accounts/entities/index.ts'

export default defineConfig({
  clientUrl: process.env.DATABASE_URL ?? 'postgresql://localhost/app',
  driverOptions: databaseTls(process.env.DATABASE_URL), // its sslmode, which MikroORM does not read
  entities: [...sigraEntities],
  extensions: [Migrator],
  // The snapshot is what the next migration is compared with; only making a migration writes it.
  migrations: { path: 'migrations', snapshotName: '.snapshot', snapshotOnMigrate: false },
  // A wrong DATABASE_URL must fail, not become a new and empty database.
  ensureDatabase: false,
  // A difference must drop neither the mail queue, which has a schema of its own, nor the protection of the audit log.
  schemaGenerator: { ignoreSchema: ['graphile_worker'], ignoreTriggers: true, ignoreRoutines: true },
})
