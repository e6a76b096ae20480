import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MikroORM } from '@mikro-orm/postgresql'
import { createRootSecret, createSessionToken, hashSessionToken, type SessionToken } from '@sigra/core'
import { startEmbeddedPostgres } from '@sigra/dev'
import { createRuntime, type Runtime } from '@sigra/mikro-orm'
import { Pool } from 'pg'
import { entities, sigraEntities } from '../../generators/template/app/accounts/entities/index.ts'

export interface SessionDatabase {
  runtime: Runtime
  /** Straight to the same tables, as many connections as the runtime has. */
  pool: Pool
  tokens: readonly SessionToken[]
  close(): Promise<void>
}

const CONNECTIONS = 16

/** A PostgreSQL of its own with the generated app's tables and so many people signed in, each once. */
export async function createSessionDatabase(people: number): Promise<SessionDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'sigra-bench-'))
  await chmod(folder, 0o755) // as root, the server runs as another user
  const server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data') })
  const pool = new Pool({ connectionString: server.url, max: CONNECTIONS })
  const orm = await MikroORM.init({
    entities: sigraEntities,
    clientUrl: server.url,
    pool: { min: 0, max: CONNECTIONS },
  })
  await orm.schema.create()
  const tokens = Array.from({ length: people }, () => createSessionToken())
  await insertSessions(pool, tokens)
  const runtime = createRuntime({
    orm,
    entities,
    origin: 'http://localhost:3000',
    secrets: createRootSecret(),
    appName: 'Bench',
  })
  return {
    runtime,
    pool,
    tokens,
    async close() {
      await runtime.close()
      await orm.close(true)
      await pool.end()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function insertSessions(pool: Pool, tokens: readonly SessionToken[]): Promise<void> {
  const hashes = tokens.map((token) => Buffer.from(hashSessionToken(token)))
  await pool.query(
    `with people as (
       insert into users (id, email, email_canonical, confirmed_at, created_at)
       select gen_random_uuid(), address, address, now(), now()
       from (select 'person' || n || '@example.com' as address from generate_series(1, $1) n) addresses
       returning id
     ), numbered as (
       select id, row_number() over () as n from people
     )
     insert into user_sessions
       (id, user_id, token_hash, aal, amr, authenticated_at, last_seen_at, expires_at, created_at, remembered)
     select gen_random_uuid(), numbered.id, t.hash, 1, '{pwd}', now(), now(), now() + interval '7 days', now(), false
     from unnest($2::bytea[]) with ordinality as t (hash, n) join numbered using (n)`,
    [tokens.length, hashes],
  )
  await pool.query('analyze users, user_sessions')
}
