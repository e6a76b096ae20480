import { MikroORM } from '@mikro-orm/postgresql'
import { afterAll, beforeAll, expect, it } from 'vitest'
import config from '../mikro-orm.config.ts'

let orm: MikroORM

beforeAll(() => {
  orm = new MikroORM({ ...config, clientUrl: process.env.DATABASE_URL ?? '' })
})
afterAll(() => orm.close())

it('has a migration for everything the entities say', async () => {
  expect(await orm.migrator.getPending()).toEqual([])
  expect(await orm.migrator.checkSchema()).toBe(false)
})

it('leaves what only the migrations know, like the protection of the audit log, out of a difference', async () => {
  expect(await orm.schema.getUpdateSchemaSQL()).toBe('')
})

it('never makes a database of its own out of a wrong DATABASE_URL', async () => {
  const url = new URL(process.env.DATABASE_URL ?? '')
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
