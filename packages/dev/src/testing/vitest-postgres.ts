import type { TestProject } from 'vitest/node'
import { startTestPostgres } from './test-postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the superuser of a PostgreSQL that lives as long as this run. */
    postgresUrl: string
  }
}

/** Vitest's `globalSetup`: one real PostgreSQL for all tests of a run, read with `inject('postgresUrl')`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestPostgres()
  project.provide('postgresUrl', server.url)
  return () => server.stop()
}
