import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AnyEntity, type EntityClass, MikroORM } from '@mikro-orm/postgresql'
import { createRootSecret, createSessionToken, hashSessionToken, type SessionToken } from '@sigra/core'
import { startEmbeddedPostgres } from '@sigra/dev'
import { createTestDatabase } from '@sigra/dev/testing'
import { configureOrganizations, configurePasskeys, createRuntime, type Runtime } from '@sigra/mikro-orm'
import { Pool } from 'pg'
import { entities, sigraEntities } from '../../generators/template/app/accounts/entities/index.ts'
import { organizationEntities } from '../../generators/template/app/organizations/entities/index.ts'
import { passkeyEntities } from '../../generators/template/app/passkeys/entities/index.ts'

export interface BenchServer {
  /** A new database with the generated app's tables. */
  createDatabase(app?: BenchedApp): Promise<BenchDatabase>
  close(): Promise<void>
}

/** What an app has that is not the default. */
export interface BenchedApp {
  /** @default true */
  hasOrganizations?: boolean
  /** Entities of its own. @default [] */
  entities?: readonly EntityClass<AnyEntity>[]
}

export interface BenchDatabase {
  url: string
  secrets: string
  orm: MikroORM
  runtime: Runtime
  /** Straight to the same tables, as many connections as the runtime has. */
  pool: Pool
}

const CONNECTIONS = 16

/** As a new app has them. */
const organizations = configureOrganizations({
  entities: organizationEntities,
  permissions: [],
  roles: { owner: ['*'], member: ['members:read'] },
  owner: 'owner',
  default: 'member',
})

const withoutOrganizations = [...Object.values(entities), ...Object.values(passkeyEntities)]

/** A PostgreSQL of its own, which loses its data when the machine falls over. */
export async function startBenchServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sigra-bench-'))
  await chmod(folder, 0o755) // as root, the server runs as another user
  const server = await startEmbeddedPostgres({
    dataDirectory: join(folder, 'data'),
    settings: { fsync: 'off', synchronous_commit: 'off', max_wal_size: '8GB' },
  })
  const closers: (() => Promise<unknown>)[] = []
  return {
    async createDatabase({ hasOrganizations = true, entities: own = [] } = {}) {
      const { url } = await createTestDatabase(server.url)
      const pool = new Pool({ connectionString: url, max: CONNECTIONS })
      const orm = await MikroORM.init({
        entities: [...(hasOrganizations ? sigraEntities : withoutOrganizations), ...own],
        clientUrl: url,
        pool: { min: 0, max: CONNECTIONS },
      })
      await orm.schema.create()
      const secrets = createRootSecret()
      const runtime = createRuntime({
        orm,
        entities,
        areas: [
          configurePasskeys({ entities: passkeyEntities }),
          ...(hasOrganizations ? [organizations] : []),
        ],
        origin: 'http://localhost:3000',
        secrets,
        appName: 'Bench',
        production: false,
      })
      closers.push(
        () => runtime.close(),
        () => orm.close(true),
        () => pool.end(),
      )
      return { url, secrets, orm, runtime, pool }
    },
    async close() {
      for (const close of closers) await close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Of one of the people that `insertPeople` made, counted from 1. */
export function addressOf(person: number): string {
  return `person${person}@example.com`
}

/** So many people, `person1@example.com` and on, confirmed. */
export async function insertPeople(
  pool: Pool,
  people: number,
  passwordHash: string | null = null,
): Promise<void> {
  await pool.query(
    `insert into users (id, email, email_canonical, hashed_password, confirmed_at, created_at)
     select gen_random_uuid(), address, address, $2, now(), now()
     from (select 'person' || n || '@example.com' as address from generate_series(1, $1) n) addresses`,
    [people, passwordHash],
  )
}

/** Signs in everybody there is, each once. @returns their tokens */
export async function insertSessions(pool: Pool, people: number): Promise<readonly SessionToken[]> {
  const tokens = Array.from({ length: people }, () => createSessionToken())
  await pool.query(
    `insert into user_sessions
       (id, user_id, token_hash, aal, amr, authenticated_at, last_seen_at, expires_at, created_at, remembered)
     select gen_random_uuid(), p.id, t.hash, 1, '{pwd}', now(), now(), now() + interval '7 days', now(), false
     from unnest($1::bytea[]) with ordinality as t (hash, n)
     join (select id, row_number() over () as n from users) p using (n)`,
    [tokens.map((token) => Buffer.from(hashSessionToken(token)))],
  )
  await pool.query('analyze users, user_sessions')
  return tokens
}

/** A team for every ten people, each at work in it. @returns the ids of the teams */
export async function insertTeams(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into organizations (id, name, slug, created_at)
     select gen_random_uuid(), 'Team', 'team-' || n, now() from generate_series(1, (select count(*) / 10 from users)) n
     returning id`,
  )
  const ids = rows.map(({ id }) => id)
  await pool.query(
    `insert into organization_memberships (id, organization_id, user_id, role, created_at)
     select gen_random_uuid(), ($1::uuid[])[p.n % cardinality($1::uuid[]) + 1], p.id, 'member', now()
     from (select id, row_number() over () as n from users) p`,
    [ids],
  )
  await pool.query(
    `update user_sessions s set active_organization_id = m.organization_id::text
     from organization_memberships m where m.user_id = s.user_id`,
  )
  await pool.query('vacuum analyze organizations, organization_memberships, user_sessions')
  return ids
}

/**
 * So many more sessions of the same people, under hashes that nobody has the token of. Indexes are made anew afterwards
 * and foreign keys are not asked: five million rows would take long otherwise.
 */
export async function insertOtherSessions(pool: Pool, sessions: number, expiresIn: string): Promise<void> {
  const { rows: indexes } = await pool.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
     where i.indrelid = 'user_sessions'::regclass and c.oid is null`,
  )
  const client = await pool.connect()
  try {
    for (const { name } of indexes) await client.query(`drop index ${name}`)
    await client.query('set session_replication_role = replica')
    await client.query(
      `insert into user_sessions
         (id, user_id, token_hash, aal, amr, authenticated_at, last_seen_at, expires_at, created_at, remembered)
       select gen_random_uuid(), p.ids[n % cardinality(p.ids) + 1], sha256(decode(md5(n::text || $2::text), 'hex')), 1,
         '{pwd}', now(), now(), now() + $2::interval, now(), false
       from generate_series(1, $1) series (n), (select array_agg(id) as ids from users) p`,
      [sessions, expiresIn],
    )
    await client.query('set session_replication_role = default')
    for (const { definition } of indexes) await client.query(definition)
    await client.query('vacuum analyze user_sessions')
  } finally {
    client.release()
  }
}
