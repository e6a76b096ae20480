import { runMigrations } from 'graphile-worker'
/** Brings the queue's own schema, `graphile_worker`, up to date. Needs the role that owns the schema. */
export async function migrateQueue(connectionString) {
  await runMigrations({ connectionString })
}
//# sourceMappingURL=migrate-queue.js.map
