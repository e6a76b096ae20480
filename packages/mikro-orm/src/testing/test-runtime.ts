import { type AnyEntity, type EntityClass, MikroORM } from '@mikro-orm/postgresql'
import { createRootSecret } from '@sigra/core'
import { createTemplateDatabase, createTestDatabase } from '@sigra/dev/testing'
import { runMigrations } from 'graphile-worker'
import { inject } from 'vitest'
import type { AreaHandle } from '../areas/area.ts'
import type { Sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { createRuntime, type Runtime, type RuntimeOptions } from '../runtime.ts'
import { auditProtectionSql, unloggedSql } from '../schema/index.ts'
import type { Entities } from '../tables.ts'
import { keepPlans } from './keep-plans.ts'
import {
  type AreaEntities,
  areaObjectsSql,
  configureTestAreas,
  createAreaEntities,
  partAreaOptions,
  type TestAreasOptions,
} from './test-areas.ts'
import { createTestEntities } from './test-entities.ts'
import { cheapHashing } from './test-policy.ts'

export interface TestRuntimeOptions
  extends Partial<Omit<RuntimeOptions, 'orm' | 'entities' | 'clockOffset'>>, TestAreasOptions {
  /** @default 'uuid' */
  idType?: 'uuid' | 'bigint'
  /** Connections of the pool. @default 20, so that 16 clients of a race have one each */
  poolSize?: number
  /** Every statement is parsed and planned anew, as in production: for tests that measure time. @default false */
  plansAnew?: boolean
  /** An area that the list of areas does not have. @default none */
  further?: FurtherArea
}

/** Its tables, and what an app decides about it. */
export interface FurtherArea {
  /** The database of a test that has it is made of another template. */
  name: string
  create(
    idType: 'uuid' | 'bigint',
    User: EntityClass<object>,
  ): { classes: readonly EntityClass<AnyEntity>[]; handle: AreaHandle }
}

/** Of accounts and of every area. */
export type TestEntities = Entities & AreaEntities

export interface TestRuntime {
  runtime: Runtime
  orm: MikroORM
  entities: TestEntities
  /** Superuser's connection string of this test's own database. */
  url: string
  /** Log lines written so far. */
  logged: { level: string; event: string; fields: Record<string, unknown> }[]
  /** Moves this runtime's clock; the database's own stands still beside it. */
  advance(span: { milliseconds?: number; minutes?: number; hours?: number; days?: number }): void
  rows<Row>(query: Sql): Promise<Row[]>
  /** Takes the database away under the runtime's feet, for good. */
  loseDatabase(): Promise<void>
  close(): Promise<void>
}

/** Those that this process has asked for. */
const templates = new Map<string, Promise<void>>()

/** A runtime on a fresh, migrated database: the test host's tables, our database objects, the queue. */
export async function createTestRuntime(options: TestRuntimeOptions = {}): Promise<TestRuntime> {
  const { areas, rest } = partAreaOptions(options)
  const { idType = 'uuid', poolSize = 20, plansAnew = false, further, ...overrides } = rest
  const adminUrl = inject('postgresUrl')
  const template = ['sigra_mikro_orm', idType, ...(further ? [further.name] : [])].join('_')
  const made =
    templates.get(template) ??
    createTemplateDatabase(adminUrl, template, (url) => {
      const all = createAllEntities(idType)
      return migrate(url, all, further?.create(idType, all.User).classes)
    })
  templates.set(template, made)
  await made
  const database = await createTestDatabase(adminUrl, { template })

  const entities = createAllEntities(idType)
  const brought = further?.create(idType, entities.User)
  const orm = await connect(database.url, entities, { poolSize, further: brought?.classes })
  if (!plansAnew) await keepPlans(orm)
  const logged: TestRuntime['logged'] = []
  const log =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      logged.push({ level, event, fields })
    }
  let offset = 0
  const runtime = createRuntime({
    orm,
    entities,
    areas: [...configureTestAreas(entities, overrides.policy, areas), ...(brought ? [brought.handle] : [])],
    origin: 'https://app.test',
    secrets: createRootSecret(),
    appName: 'Acme',
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
    production: false,
    ...(overrides.production ? {} : { dangerouslyWeakPolicy: true, clockOffset: () => offset }),
    ...overrides,
    // Passwords at the lowest cost argon2id has, unless the test is about the cost. Production takes no such policy.
    policy: { ...(overrides.production ? {} : cheapHashing), ...overrides.policy },
  })
  logged.length = 0 // what the start says of such a policy is none of a test's lines
  return {
    runtime,
    orm,
    entities,
    url: database.url,
    logged,
    advance({ milliseconds = 0, minutes = 0, hours = 0, days = 0 }) {
      offset += milliseconds + minutes * 60_000 + hours * 3_600_000 + days * 86_400_000
    },
    rows: (query) => statement(runtime, query),
    loseDatabase: () => database.drop(),
    async close() {
      await runtime.close()
      await orm.close(true)
      await database.drop()
    },
  }
}

/** Entities of accounts and of every area. */
export function createAllEntities(idType: 'uuid' | 'bigint'): TestEntities {
  const entities = createTestEntities(idType)
  return { ...entities, ...createAreaEntities(idType, entities.User) }
}

interface Connecting {
  poolSize: number
  further?: readonly EntityClass<AnyEntity>[] | undefined
}

function connect(url: string, entities: Entities, { poolSize, further = [] }: Connecting): Promise<MikroORM> {
  const classes: EntityClass<AnyEntity>[] = [...Object.values(entities), ...further]
  return MikroORM.init({
    entities: classes,
    clientUrl: url,
    ensureDatabase: false,
    pool: { min: 0, max: poolSize },
  })
}

async function migrate(url: string, entities: Entities, further?: Connecting['further']): Promise<void> {
  const orm = await connect(url, entities, { poolSize: 1, further })
  await orm.schema.create()
  const objects = [...auditProtectionSql('audit_events'), ...unloggedSql('sigra_limits'), ...areaObjectsSql]
  for (const text of objects) {
    await orm.em.getConnection().execute(text)
  }
  await orm.close(true)
  await runMigrations({ connectionString: url })
}
