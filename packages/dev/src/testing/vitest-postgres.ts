import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../postgres/start-embedded-postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the superuser of a PostgreSQL that lives as long as this run. */
    postgresUrl: string
  }
}

// Nothing here outlives the run, so nothing needs to reach the disk.
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** Vitest's `globalSetup`: one real PostgreSQL for all tests of a run, read with `inject('postgresUrl')`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sigra-test-postgres-'))
  await chmod(folder, 0o755) // as root, the server runs as another user
  const server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data'), settings })
  project.provide('postgresUrl', server.url)

  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
