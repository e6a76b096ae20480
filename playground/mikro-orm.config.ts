import { Migrator } from '@mikro-orm/migrations'
import { defineConfig } from '@mikro-orm/postgresql'
import { sigraEntities } from './app/accounts/entities/index.ts'

export default defineConfig({
  clientUrl: process.env.DATABASE_URL ?? 'postgresql://localhost/app',
  entities: [...sigraEntities],
  extensions: [Migrator],
  // The snapshot is what the next migration is compared with; only making a migration writes it.
  migrations: { path: 'migrations', snapshotName: '.snapshot', snapshotOnMigrate: false },
  // The mail queue lives in a schema of its own: a diff must not drop it.
  schemaGenerator: { ignoreSchema: ['graphile_worker'] },
})
