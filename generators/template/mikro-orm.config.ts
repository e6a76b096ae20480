import { Migrator } from '@mikro-orm/migrations'
import { defineConfig } from '@mikro-orm/postgresql'
import { sigraEntities } from './app/accounts/entities/index.ts'

export default defineConfig({
  clientUrl: process.env.DATABASE_URL ?? 'postgresql://localhost/app',
  entities: [...sigraEntities],
  extensions: [Migrator],
  migrations: { path: 'migrations', snapshotName: '.snapshot' },
  // The mail queue lives in a schema of its own: a diff must not drop it.
  schemaGenerator: { ignoreSchema: ['graphile_worker'] },
})
