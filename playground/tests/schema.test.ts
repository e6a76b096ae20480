import { MikroORM } from '@mikro-orm/postgresql'
import { createTestDatabase, type TestDatabase } from '@sigra/dev/testing'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import config from '../mikro-orm.config.ts'

// A database of its own: its migrations are taken back.
let database: TestDatabase
let orm: MikroORM

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), { template: inject('template') })
  orm = new MikroORM({ ...config, clientUrl: database.url })
})
afterAll(async () => {
  await orm.close()
  await database.drop()
})

it('has a migration for everything the entities say', async () => {
  expect(await orm.migrator.getPending()).toEqual([])
  expect(await orm.migrator.checkSchema()).toBe(false)
})

it('leaves what only the migrations know, like the protection of the audit log, out of a difference', async () => {
  expect(await orm.schema.getUpdateSchemaSQL()).toBe('')
})

it('never makes a database of its own out of a wrong DATABASE_URL', async () => {
  const url = new URL(database.url)
  url.pathname = '/no_such_database'
  const elsewhere = new MikroORM({ ...config, clientUrl: url.href })
  await elsewhere.connect()
  expect(await elsewhere.isConnected()).toBe(false)
  await elsewhere.close()
})

it('keeps the audit log append-only', async () => {
  const em = orm.em.fork()
  const change = (sql: string) => expect(em.execute(sql)).rejects.toThrow(/cannot be changed/)
  await em.execute(
    `insert into audit_events (id, action, outcome) values (gen_random_uuid(), 'test', 'success')`,
  )
  await change(`update audit_events set action = 'other'`)
  await change('delete from audit_events')
})

it('takes every migration back', async () => {
  await orm.migrator.down({ to: 0 })
  expect((await orm.migrator.getExecuted()).length).toBe(0)
})
