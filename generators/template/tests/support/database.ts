import { createAppTemplate, startTestPostgres } from '@sigra/dev/testing'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
    /** A migrated database, for each test file to copy. */
    template: string
  }
}

/** One real PostgreSQL for the whole run, migrated once as `npm run db:migrate` does it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestPostgres()
  await createAppTemplate(server.url, 'app_template', process.cwd())
  project.provide('postgresUrl', server.url)
  project.provide('template', 'app_template')
  return () => server.stop()
}
