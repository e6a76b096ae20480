import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MikroORM } from '@mikro-orm/postgresql'
import { startEmbeddedPostgres } from '@sigra/dev'
import { createTemplateDatabase } from '@sigra/dev/testing'
import { migrateQueue } from '@sigra/worker'
import type { TestProject } from 'vitest/node'
import config from '../../mikro-orm.config.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
    /** A migrated database, for each test file to copy. */
    template: string
  }
}

/** One real PostgreSQL for the whole run, migrated once as `npm run db:migrate` does it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'app-tests-'))
  await chmod(folder, 0o755) // as root, PostgreSQL runs as another user
  const server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data') })
  await createTemplateDatabase(server.url, 'app_template', migrate)
  project.provide('postgresUrl', server.url)
  project.provide('template', 'app_template')

  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function migrate(url: string): Promise<void> {
  const orm = await MikroORM.init({ ...config, clientUrl: url })
  await orm.migrator.up()
  await orm.close()
  await migrateQueue(url)
}
