import { type EntityClass, MikroORM, p } from '@mikro-orm/postgresql'
import { defineEntity } from '@mikro-orm/core'
import { createRootSecret } from '@sigra/core'
import { type Runtime, sql } from '@sigra/mikro-orm'
import { uuidKey } from '@sigra/mikro-orm/schema'
import { createTestRuntime, type TestRuntime } from '../../../mikro-orm/src/testing/index.ts'
import { createSigra, type Sigra } from '../sigra.ts'
import type { SigraUser } from '../sigra-user.ts'
import { testAreas } from './test-areas.ts'
import { toyColumns, trophiesArea } from './toy-area.ts'

export interface Person extends SigraUser {
  displayName: string | null
}

/** What its secrets are sealed with, and what they were sealed with before. */
export const toyKeys = { older: createRootSecret(), newer: createRootSecret().replace('k1:', 'k2:') }

/** An app with the toy area beside all others. */
export interface ToyApp {
  /** The same database without it. */
  base: TestRuntime
  test: TestRuntime
  runtime: Runtime
  orm: MikroORM
  sigra: Sigra<Person>
  handle: ReturnType<typeof trophiesArea>
  /** @returns The id of the trophy. */
  win(userId: string, title?: string): Promise<string>
  close(): Promise<void>
}

export async function createToyApp(): Promise<ToyApp> {
  const base = await createTestRuntime()
  const TrophySchema = defineEntity({
    name: 'Trophy',
    tableName: 'user_trophies',
    properties: { id: uuidKey(), user: p.uuid().fieldName('user_id'), ...toyColumns },
  })
  class Trophy extends TrophySchema.class {}
  TrophySchema.setClass(Trophy)
  await base.rows(sql`create table user_trophies (id uuid primary key, user_id uuid not null references users,
    title varchar(64) not null, worn_out boolean not null default false, engraving text,
    won_at timestamptz not null default clock_timestamp())`)
  await base.rows(sql`create table trophy_shelves
    (session_id uuid not null references user_sessions on delete cascade, name text not null)`)
  await base.rows(sql`alter table user_sessions add column motto text`)
  // Its migration widens both.
  await base.rows(sql`alter table user_sessions drop constraint user_sessions_sudo_method_check,
    drop constraint user_sessions_awaiting_check`)
  const entities: EntityClass<object>[] = [...Object.values(base.entities), Trophy]
  const orm = await MikroORM.init({ entities, clientUrl: base.url, ensureDatabase: false })
  const handle = trophiesArea({ Trophy })
  const sigra = createSigra<Person>({
    orm,
    entities: base.entities,
    areas: [handle, ...testAreas(base.entities)],
    origin: 'https://app.test',
    secrets: `${toyKeys.newer},${toyKeys.older}`,
    appName: 'Acme',
    production: false,
    sessionUser: ['displayName'],
    edge: { trustedProxies: 0 },
  })
  const { runtime } = sigra.edge
  return {
    base,
    test: { ...base, runtime },
    runtime,
    orm,
    sigra,
    handle,
    async win(userId, title = 'Gold') {
      const [row] = await base.rows<{ id: string }>(sql`insert into user_trophies (id, user_id, title)
        values (gen_random_uuid(), ${userId}, ${title}) returning id::text as id`)
      return row?.id ?? ''
    },
    async close() {
      await sigra.close()
      await base.close()
    },
  }
}
