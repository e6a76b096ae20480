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
  // sigra:if retired=passkeys
  // sigra:+ // Nor the passkeys people registered: `sigra remove passkeys --purge` drops them.
  // sigra:+ schemaGenerator: {
  // sigra:+   ignoreSchema: ['graphile_worker'],
  // sigra:+   skipTables: ['user_passkeys', 'webauthn_spent_challenges'],
  // sigra:+ },
  // sigra:else
  schemaGenerator: { ignoreSchema: ['graphile_worker'] },
  // sigra:end
})
