import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { programArguments } from '../host/program-arguments.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { type Ended, runToEnd } from './testing-only/run-to-end.ts'
import { makeSmallApp } from './testing-only/small-app.ts'

const adminUrl = inject('postgresUrl')
const suffix = randomBytes(4).toString('hex')
const roles = { owner: `owner_${suffix}`, app: `app_${suffix}` }
let folder: string
let database: TestDatabase

beforeAll(async () => {
  folder = await makeSmallApp()
  database = await createTestDatabase(adminUrl)
  for (const role of Object.values(roles))
    await query(adminUrl, `create role ${role} login password 'secret'`)
  await query(
    database.url,
    `alter database ${new URL(database.url).pathname.slice(1)} owner to ${roles.owner}`,
  )
  await query(database.url, `alter schema public owner to ${roles.owner}`)
})

afterAll(async () => {
  await database.drop()
  for (const role of Object.values(roles)) await query(adminUrl, `drop role ${role}`)
  await rm(folder, { recursive: true, force: true })
})

describe('sigra db:migrate', () => {
  it('says that the database is behind, and changes nothing, with --check', async () => {
    const { code, output } = await migrate(['--check'])
    expect(code).toBe(4)
    expect(output).toContain(
      'The database is not up to date (Migration20260101000000). Run: npm run db:migrate',
    )
  })

  it('applies migrations and queue as the owner, and gives the app its rights', async () => {
    const { code, output } = await migrate()
    expect(output).toContain(`The role ${roles.app} may use the app's tables and append to the audit log`)
    expect(code).toBe(0)
    expect(await migrate()).toMatchObject({ code: 0 })
    expect(await migrate(['--check'])).toMatchObject({ code: 0 })
  })

  it('lets the app change its rows and append to the audit log', async () => {
    await asApp('insert into users default values')
    await asApp('update users set id = 7')
    await asApp('insert into audit_events default values')
    expect(await asApp('select id from audit_events')).toHaveLength(1)
  })

  it('lets the app queue jobs and see them', async () => {
    await asApp(`select graphile_worker.add_job('some.task', '{}'::json)`)
    expect(await asApp('select id from graphile_worker.jobs')).toHaveLength(1)
  })

  it('lets the app shorten the audit log by the one function that may', async () => {
    expect(await asApp(`select audit_events_retain(interval '1 day', 10) as removed`)).toEqual([
      { removed: 0 },
    ])
  })

  it.each(['update audit_events set id = 2', 'delete from audit_events', 'truncate audit_events'])(
    'refuses the app: %s',
    async (statement) => {
      await expect(asApp(statement)).rejects.toThrow('permission denied')
    },
  )

  it.each(['drop table users', 'alter table users add column admin boolean', 'create table mine ()'])(
    'keeps the schema from the app: %s',
    async (statement) => {
      await expect(asApp(statement)).rejects.toThrow(/must be owner|permission denied/)
    },
  )

  it('keeps the data of a production database', async () => {
    const { code, output } = await sigra(['db:rollback', '--all'], as(roles.owner), {
      NODE_ENV: 'production',
    })
    expect(code).toBe(4)
    expect(output).toContain('Taking a migration back deletes data')
  })

  it('takes everything back, and applies it again', async () => {
    const { output } = await sigra(['db:rollback', '--all'])
    expect(output).toContain('Took migration Migration20260101000000 back')
    await expect(asApp('select from users')).rejects.toThrow('does not exist')
    expect((await sigra(['db:rollback'])).output).toContain('There is no migration to take back')
    expect(await migrate()).toMatchObject({ code: 0 })
    expect(await asApp('select from users')).toEqual([])
  })

  it('speaks TLS where the URL of the owner says so, whatever that of the app says', async () => {
    const { code, output } = await migrate([], `${as(roles.owner)}?sslmode=require`)
    expect(output).toContain('The server does not support SSL connections')
    expect(code).toBe(4)
  })

  it('names the database it cannot reach, without the password', async () => {
    const { code, output } = await migrate([], 'postgresql://someone:hidden@127.0.0.1:1/nowhere')
    expect(code).toBe(4)
    expect(output).toContain('The database at 127.0.0.1:1/nowhere cannot be reached')
    expect(output).not.toContain('hidden')
  })
})

function as(role: string): string {
  const url = new URL(database.url)
  url.username = role
  url.password = 'secret'
  return url.href
}

async function asApp(text: string): Promise<unknown[]> {
  return query(as(roles.app), text)
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function migrate(flags: readonly string[] = [], ownerUrl?: string): Promise<Ended> {
  return sigra(['db:migrate', ...flags], ownerUrl)
}

function sigra(
  args: readonly string[],
  ownerUrl = as(roles.owner),
  env: Record<string, string> = {},
): Promise<Ended> {
  return runToEnd([...programArguments('bin'), ...args], folder, {
    ...process.env,
    DATABASE_URL: as(roles.app),
    DATABASE_OWNER_URL: ownerUrl,
    ...env,
  })
}
