import { randomBytes } from 'node:crypto'
import { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid, createRootSecret } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { identifier as raw, sql } from '../database/sql.ts'
import { configurePasskeys } from '../passkeys/configure-passkeys.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { createTestRuntime, createTestUser, type TestRuntime } from '../testing/index.ts'
import { createTestEntities } from '../testing/test-entities.ts'
import { createTestPasskeyEntities } from '../testing/passkeys/test-passkeys.ts'
import { checkStart, requireStart, SEED_DOMAIN } from './check-start.ts'

const role = `app_${randomBytes(6).toString('hex')}`

let test: TestRuntime
let events: string[]
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  test = await createTestRuntime()
  await test.rows(sql`create role ${raw(role)} login password 'secret'`)
  await test.rows(sql`grant select, insert on users, audit_events to ${raw(role)}`)
})

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await test.rows(sql`delete from users`)
})

afterAll(async () => {
  await test.rows(sql`drop owned by ${raw(role)}`)
  await test.rows(sql`drop role ${raw(role)}`)
  await test.close()
})

/** An app that was just started: as the superuser, who owns everything, or as the role of the app. */
function start({ as = '', production = true } = {}): Runtime {
  const url = new URL(test.url)
  if (as !== '') Object.assign(url, { username: as, password: 'secret' })
  const accounts = createTestEntities('uuid')
  const entities = { ...accounts, ...createTestPasskeyEntities('uuid', accounts.User) }
  const orm = new MikroORM({ entities: Object.values(entities), clientUrl: url.href })
  events = []
  const note = (event: string) => void events.push(event)
  const runtime = createRuntime({
    orm,
    entities,
    areas: [configurePasskeys({ entities })],
    origin: 'https://app.test',
    secrets: createRootSecret(),
    appName: 'Acme',
    production,
    logger: { info: note, warn: note, error: note },
  })
  closing.push(async () => {
    await runtime.close()
    await orm.close(true)
  })
  return runtime
}

describe('CFG-07: the audit log at the start', () => {
  it('says, once, that the role of the app owns it', async () => {
    const runtime = start()
    await Promise.all([checkStart(runtime), checkStart(runtime)])
    await checkStart(runtime)
    expect(events).toEqual(['sigra.audit_log_unprotected'])
  })

  it('has nothing to say where the role of the app owns nothing', async () => {
    await checkStart(start({ as: role }))
    expect(events).toEqual([])
  })

  it('counts a role that may become the owner as the owner', async () => {
    const owner = `${role}_owner`
    await test.rows(sql`create role ${raw(owner)}`)
    await test.rows(sql`grant ${raw(owner)} to ${raw(role)}`)
    await test.rows(sql`alter table audit_events owner to ${raw(owner)}`)
    await checkStart(start({ as: role }))
    expect(events).toEqual(['sigra.audit_log_unprotected'])
    await test.rows(sql`alter table audit_events owner to current_user`)
    await test.rows(sql`drop owned by ${raw(owner)}`)
    await test.rows(sql`drop role ${raw(owner)}`)
  })

  it('asks nothing in development', async () => {
    await checkStart(start({ production: false }))
    expect(events).toEqual([])
  })
})

describe('CFG-03: the connection to the database at the start', () => {
  const elsewhere = `elsewhere_${role}`
  beforeAll(async () => {
    await test.rows(sql`create schema ${raw(elsewhere)}`)
    await test.rows(sql`grant usage on schema ${raw(elsewhere)} to ${raw(role)}`)
    await test.rows(sql`alter role ${raw(role)} set search_path = ${raw(elsewhere)}, pg_catalog, public`)
  })
  afterAll(async () => {
    await test.rows(sql`alter role ${raw(role)} reset search_path`)
    await test.rows(sql`drop schema ${raw(elsewhere)} cascade`)
  })

  /** As if the app stood there: PostgreSQL here speaks no TLS, and knows this machine alone. */
  async function startFrom(address: string): Promise<string[]> {
    await test.rows(sql`create or replace function ${raw(elsewhere, 'inet_client_addr')}() returns inet
      language plpgsql as $$ begin return current_setting('test.address', true)::inet; end $$`)
    await test.rows(sql`alter role ${raw(role)} set "test.address" = ${raw(address)}`)
    await checkStart(start({ as: role }))
    return events
  }

  it.each(['203.0.113.9', '8.8.8.8', '172.32.0.1', '2001:db8::1'])(
    'says so when it comes from %s without TLS',
    async (address) => {
      expect(await startFrom(address)).toEqual(['sigra.database_unencrypted'])
    },
  )

  it.each(['127.0.0.1', '10.1.2.3', '172.17.0.1', '192.168.1.1', '100.100.1.1', '::1', 'fdaa:0:1::3'])(
    'has nothing to say about %s',
    async (address) => {
      expect(await startFrom(address)).toEqual([])
    },
  )

  it('has nothing to say where TLS is spoken', async () => {
    await test.rows(
      sql`create view ${raw(elsewhere, 'pg_stat_ssl')} as select pg_backend_pid() as pid, true as ssl`,
    )
    await test.rows(sql`grant select on ${raw(elsewhere, 'pg_stat_ssl')} to ${raw(role)}`)
    expect(await startFrom('203.0.113.9')).toEqual([])
    await test.rows(sql`drop view ${raw(elsewhere, 'pg_stat_ssl')}`)
  })

  it('has nothing to say about a socket of this machine', async () => {
    await startFrom('127.0.0.1')
    await test.rows(sql`create or replace function ${raw(elsewhere, 'inet_client_addr')}() returns inet
      language sql as $$ select null::inet $$`)
    await checkStart(start({ as: role }))
    expect(events).toEqual([])
  })
})

describe('CFG-02: demo users', () => {
  it('are refused in production, now and later', async () => {
    await createTestUser(test, { email: `Ada@${SEED_DOMAIN}` })
    const runtime = start({ as: role })
    await expect(checkStart(runtime)).rejects.toThrow(ConfigInvalid)
    await expect(checkStart(runtime)).rejects.toThrow(`confirmed users of ${SEED_DOMAIN}`)
    expect(() => requireStart(runtime)).toThrow(ConfigInvalid)
    expect(events).toEqual(['sigra.start_refused'])
  })

  it('do not stop a start as long as they are not confirmed: any visitor can register such an address', async () => {
    await createTestUser(test, { email: `ada@${SEED_DOMAIN}`, confirmed: false })
    await createTestUser(test, { email: `ada@not-${SEED_DOMAIN}` })
    await checkStart(start({ as: role }))
    expect(events).toEqual([])
  })

  it('are welcome in development', async () => {
    await createTestUser(test, { email: `ada@${SEED_DOMAIN}` })
    const runtime = start({ production: false })
    await checkStart(runtime)
    expect(() => requireStart(runtime)).not.toThrow()
  })
})

describe('the isolation of transactions at the start', () => {
  const begin = (level: string) =>
    test.rows(sql`alter role ${raw(role)} set default_transaction_isolation = ${raw(level)}`)
  afterEach(() => test.rows(sql`alter role ${raw(role)} reset default_transaction_isolation`))

  it.each(['repeatable read', 'serializable'])(
    'is refused where it is %s, with the way to mend it',
    async (level) => {
      await begin(level)
      const runtime = start({ as: role })
      await expect(checkStart(runtime)).rejects.toThrow(
        `default_transaction_isolation = '${level}'; Sigra needs 'read committed'`,
      )
      expect(() => requireStart(runtime)).toThrow(ConfigInvalid)
      expect(events).toEqual(['sigra.start_refused'])
    },
  )

  it('is fine where it is read committed', async () => {
    await begin('read committed')
    await checkStart(start({ as: role }))
    expect(events).toEqual([])
  })
})

it('starts without an answer, and asks again aside until there is one', async () => {
  await createTestUser(test, { email: `ada@${SEED_DOMAIN}` })
  const runtime = start({ as: role })
  await test.rows(sql`revoke select on users from ${raw(role)}`)
  await checkStart(runtime)
  expect(events).toEqual(['sigra.start_unchecked'])
  requireStart(runtime)
  expect(events).toEqual(['sigra.start_unchecked'])

  await test.rows(sql`grant select on users to ${raw(role)}`)
  requireStart(runtime, 0)
  await checkStart(runtime).catch(() => undefined)
  expect(events).toEqual(['sigra.start_unchecked', 'sigra.start_refused'])
  expect(() => requireStart(runtime)).toThrow(ConfigInvalid)
})

it('starts while the database is away', async () => {
  const away = await createTestRuntime({ production: true })
  await away.loseDatabase()
  await checkStart(away.runtime)
  expect(away.logged).toMatchObject([
    { event: 'sigra.start_unchecked', fields: { error: 'DatabaseUnavailable' } },
  ])
  await away.close()
})
