import { Client } from 'pg'
import { expect, inject, it, onTestFinished } from 'vitest'
import { createTestDatabase } from '../testing/test-database.ts'
import { createGeneratedApp } from './testing-only/generated-app.ts'

const count = 'select count(*)::int as count from webauthn_spent_challenges'

it('keeps what people stored through remove and add, and lets go of it only when it is purged', async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  onTestFinished(() => database.drop())
  const app = await createGeneratedApp({ features: ['accounts'] }, { DATABASE_URL: database.url })
  const migrate = async () => expect(await app.sigra('db:migrate')).toMatchObject({ code: 0, stderr: '' })

  await migrate()
  expect(await app.sigra('add', 'passkeys')).toMatchObject({ code: 0 })
  await migrate()
  await query(database.url, `insert into webauthn_spent_challenges values (sha256('x'), now())`)
  expect(await app.sigra('undo')).toMatchObject({
    code: 4,
    stderr: /Take it back first: npx sigra db:rollback/u,
  })

  expect(await app.sigra('remove', 'passkeys')).toMatchObject({ code: 0 })
  await migrate()
  expect(await query(database.url, count)).toEqual([{ count: 1 }])
  expect(await app.sigra('add', 'passkeys')).toMatchObject({ code: 0 })
  await migrate()
  expect(await query(database.url, count)).toEqual([{ count: 1 }])

  expect(await app.sigra('remove', 'passkeys', '--purge=passkeys')).toMatchObject({ code: 0 })
  expect(await query(database.url, count)).toEqual([{ count: 1 }])
  await migrate()
  await expect(query(database.url, count)).rejects.toMatchObject({ code: '42P01' })
})

it('takes an added feature back once its migration is', async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  onTestFinished(() => database.drop())
  const app = await createGeneratedApp({ features: ['accounts'] }, { DATABASE_URL: database.url })
  await app.sigra('add', 'passkeys')
  await app.sigra('db:migrate')
  expect(await app.sigra('db:rollback')).toMatchObject({ code: 0, stdout: /_passkeys back/u })
  expect(await app.sigra('undo')).toMatchObject({ code: 0, stderr: '' })
  expect(app.git('status', '--porcelain')).toBe('')
})

it('adds and drops what no metadata says: an organization keeps an owner in an app that got them later', async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  onTestFinished(() => database.drop())
  const app = await createGeneratedApp({ features: ['accounts'] }, { DATABASE_URL: database.url })
  const migrate = async () => expect(await app.sigra('db:migrate')).toMatchObject({ code: 0, stderr: '' })
  const objects = async () => {
    const [found] = await query(
      database.url,
      `select (select count(*)::int from pg_trigger where tgname = 'organization_keeps_owner') as triggers,
        (select count(*)::int from pg_proc where proname = 'organization_memberships_keep_owner') as functions`,
    )
    return found
  }
  await migrate()
  for (let time = 0; time < 2; time++) {
    expect(await app.sigra('add', 'organizations')).toMatchObject({ code: 0 })
    await migrate()
    expect(await objects()).toEqual({ triggers: 1, functions: 1 })
    expect(await app.sigra('remove', 'organizations', '--purge=organizations')).toMatchObject({ code: 0 })
    await migrate()
    expect(await objects()).toEqual({ triggers: 0, functions: 0 })
  }
})

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
