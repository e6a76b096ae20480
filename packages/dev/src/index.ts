export { PostgresFailed } from './postgres/postgres-failed.ts'
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './postgres/start-embedded-postgres.ts'
