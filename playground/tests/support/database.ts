import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAppTemplate, startTestPostgres } from '@sigra/dev/testing'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
    /** A migrated database, to be copied. */
    template: string
    /** For files; it is removed after the run. */
    folder: string
  }
}

/** One real PostgreSQL for the whole run, migrated once as `npm run db:migrate` does it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestPostgres()
  await createAppTemplate(server.url, 'app_template', process.cwd())
  const folder = await mkdtemp(join(tmpdir(), 'app-tests-'))
  project.provide('postgresUrl', server.url)
  project.provide('template', 'app_template')
  project.provide('folder', folder)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  }
}
