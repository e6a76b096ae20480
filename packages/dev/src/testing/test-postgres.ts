import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../postgres/start-embedded-postgres.ts'

export interface TestPostgres {
  /** Of the superuser. */
  url: string
  /** Ends the server and removes its data. */
  stop(): Promise<void>
}

// Nothing here outlives the run, so nothing needs to reach the disk, and nobody follows what is written.
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
}

/**
 * Starts a real PostgreSQL to throw away, for all tests of a run: it writes nothing to the disk in time, and is quick.
 *
 * @throws {PostgresFailed} `SIGRA_POSTGRES_FAILED` with a sentence that says what to do.
 */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'sigra-test-postgres-'))
  await chmod(folder, 0o755) // as root, the server runs as another user
  const server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data'), settings })
  return {
    url: server.url,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
