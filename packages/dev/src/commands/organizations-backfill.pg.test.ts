import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { programArguments } from '../host/program-arguments.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { type Ended, runToEnd } from './testing-only/run-to-end.ts'

const playground = fileURLToPath(new URL('../../../../playground', import.meta.url))
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
})
afterAll(() => database.drop())

it('sigra organizations backfill gives everybody a personal organization, once', async () => {
  expect(await sigra('db:migrate')).toMatchObject({ code: 0 })
  await query(`insert into users (id, email, email_canonical, created_at)
    select gen_random_uuid(), n || '@example.com', n || '@example.com', now() from generate_series(1, 120) n`)
  const first = await sigra('organizations', 'backfill')
  expect(first.output).toContain('100 made')
  expect(first.output).toContain('120 accounts have a personal organization now.')
  expect(first.code).toBe(0)
  expect(await query('select distinct personal_owner_id from organizations')).toHaveLength(120)

  const again = await sigra('organizations', 'backfill')
  expect(again.output).toContain('0 accounts have a personal organization now.')
  expect(again.code).toBe(0)
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

function sigra(...words: string[]): Promise<Ended> {
  return runToEnd([...programArguments('bin'), ...words], playground, {
    ...process.env,
    DATABASE_URL: database.url,
    APP_ORIGIN: 'http://localhost:5173',
    SIGRA_SECRETS: `k1:${randomBytes(32).toString('base64url')}`,
  })
}
