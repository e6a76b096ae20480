import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { SEED_DOMAIN } from '../../../mikro-orm/src/start/check-start.ts'
import { programArguments } from '../host/program-arguments.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { type Ended, runToEnd } from './testing-only/run-to-end.ts'
import { makeSmallApp } from './testing-only/small-app.ts'

const playground = fileURLToPath(new URL('../../../../playground', import.meta.url))
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
})
afterAll(() => database.drop())

describe('sigra db:seed', () => {
  it('asks for the migrations first', async () => {
    const { code, output } = await seed(playground)
    expect(output).toContain('Run: npm run db:migrate')
    expect(code).toBe(4)
  })

  it('makes demo users that production refuses, also when it is run twice', async () => {
    expect(await sigra('db:migrate', playground)).toMatchObject({ code: 0 })
    expect(await seed(playground)).toMatchObject({ code: 0 })
    const made = await counts()
    const { code, output } = await seed(playground)
    expect(output).toMatch(/Log in as ada/)
    expect(code).toBe(0)
    expect(made).toEqual({
      people: 10,
      strangers: 0,
      leaving: 1,
      organizations: 3,
      members: 9,
      invited: 3,
      projects: 6,
    })
    expect(await counts()).toEqual(made)
  })

  it('CFG-02: refuses to run in production', async () => {
    const { code, output } = await seed(playground, { NODE_ENV: 'production' })
    expect(output).toContain('refuses to run with NODE_ENV=production')
    expect(code).toBe(4)
  })

  it('says so where there is no seed.ts', async () => {
    const folder = await makeSmallApp()
    const { code, output } = await seed(folder)
    expect(output).toContain(`There is no seed.ts in ${folder}.`)
    expect(code).toBe(4)
    await rm(folder, { recursive: true, force: true })
  })
})

async function query(text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function counts(): Promise<unknown> {
  const [row] = await query(`select
    (select count(*)::int from users where confirmed_at is not null) as people,
    (select count(*)::int from users where email_canonical not like '%@${SEED_DOMAIN}') as strangers,
    (select count(*)::int from users where delete_after is not null) as leaving,
    (select count(*)::int from organizations) as organizations,
    (select count(*)::int from organization_memberships) as members,
    (select count(*)::int from organization_invitations where accepted_at is null) as invited,
    (select count(*)::int from projects) as projects`)
  return row
}

function seed(directory: string, env: Record<string, string> = {}): Promise<Ended> {
  return sigra('db:seed', directory, env)
}

function sigra(command: string, directory: string, env: Record<string, string> = {}): Promise<Ended> {
  const secrets = `k1:${randomBytes(32).toString('base64url')}`
  return runToEnd([...programArguments('bin'), command], directory, {
    ...process.env,
    DATABASE_URL: database.url,
    SIGRA_SECRETS: secrets,
    ...env,
  })
}
