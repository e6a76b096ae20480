import { type AnyEntity, type EntityClass, MikroORM } from '@mikro-orm/postgresql'
import { createRuntime, type Logger, type Runtime } from '@sigra/mikro-orm'
import { configureTestAreas } from '../../../mikro-orm/src/testing/test-areas.ts'
import { createAllEntities } from '../../../mikro-orm/src/testing/test-runtime.ts'
import { createTestEntities } from '../../../mikro-orm/src/testing/test-entities.ts'

/** A second runtime on a test's database: another process's, another role's, or by another way. */
export async function connectRuntime(settings: {
  url: string
  secrets: string
  logger?: Logger
  /** `false`: of a release before the app had them. @default true */
  areas?: boolean
}): Promise<{ runtime: Runtime; close(): Promise<void> }> {
  const { areas = true } = settings
  const entities = createAllEntities('uuid')
  const accounts = createTestEntities('uuid')
  const classes: EntityClass<AnyEntity>[] = Object.values(areas ? entities : accounts)
  const orm = await MikroORM.init({ entities: classes, clientUrl: settings.url })
  const runtime = createRuntime({
    orm,
    entities: areas ? entities : accounts,
    areas: areas ? configureTestAreas(entities) : [],
    origin: 'https://app.test',
    secrets: settings.secrets,
    appName: 'Acme',
    production: false,
    ...(settings.logger ? { logger: settings.logger } : {}),
  })
  return {
    runtime,
    async close() {
      await runtime.close()
      await orm.close(true)
    },
  }
}
