import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { programArguments } from '../host/program-arguments.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { type Ended, runToEnd } from './testing-only/run-to-end.ts'
import { makeSmallApp } from './testing-only/small-app.ts'

const playground = fileURLToPath(new URL('../../../../playground', import.meta.url))
const key = (id: string) => `${id}:${randomBytes(32).toString('base64url')}`
const SIGRA_SECRETS = `${key('k2')},${key('k1')}`

// An app with an area that seals something, in the place where a generated one has its list of areas.
const CONFIG = `
  import { defineConfig, defineEntity, p } from '@mikro-orm/postgresql'
  import { databaseTls } from '@sigra/remix/schema'
  const Trophy = defineEntity({
    name: 'Trophy', tableName: 'user_trophies',
    properties: { id: p.integer().primary(), engraving: p.text().fieldName('engraved').nullable() },
  })
  export default defineConfig({
    clientUrl: process.env.DATABASE_URL ?? '', driverOptions: databaseTls(process.env.DATABASE_URL), entities: [Trophy],
  })`
const AREAS = `
  const declaration = {
    name: 'trophies',
    tables: { Trophy: { id: {}, engraving: {} } },
    sealed: [{ table: 'Trophy', property: 'engraving', purpose: 'trophy' }],
  }
  export const areas = [{ declaration, open() {} }]`

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
  folder = await makeSmallApp()
  await writeFile(join(folder, 'mikro-orm.config.ts'), CONFIG)
  await mkdir(join(folder, 'app'))
  await execute('create table user_trophies (id serial primary key, engraved text)')
})
beforeEach(async () => {
  await writeFile(join(folder, 'app/areas.ts'), AREAS)
  await execute('delete from user_trophies')
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await database.drop()
})

async function execute(text: string): Promise<void> {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

function secrets(action: string, directory = folder): Promise<Ended> {
  return sigra(['secrets', action, '--print'], directory)
}

function sigra(args: readonly string[], directory: string): Promise<Ended> {
  const env = { ...process.env, DATABASE_URL: database.url, SIGRA_SECRETS }
  return runToEnd([...programArguments('bin'), ...args], directory, env)
}

describe('sigra secrets', () => {
  it('drops no key that an area’s sealed column alone still needs', async () => {
    await execute(`insert into user_trophies (engraved) values ('v1.k1.sealed'), ('v1.k2.sealed'), (null)`)
    const { code, output } = await secrets('rotate')
    expect(output).toContain(
      'k1: 0 authenticator seeds, 0 emailed links, 0 held addresses, 1 sealed values of trophies',
    )
    expect(output).not.toContain('SIGRA_SECRETS=')
    expect(code).toBe(4)
    expect((await secrets('status')).output).toMatch(/k2 {2}signs and seals {2}.*1 sealed values of trophies/)

    await execute(`update user_trophies set engraved = 'v1.k2.sealed' where engraved is not null`)
    expect(await secrets('rotate')).toMatchObject({ code: 0 })
  })

  it('drops no key where it cannot tell what an area seals', async () => {
    await writeFile(join(folder, 'app/areas.ts'), AREAS.replace('engraving: {}', 'motto: {}'))
    const { code, output } = await secrets('rotate')
    expect(output).toContain('MikroORM has no entity Trophy of trophies')
    expect(code).toBe(4)
    await writeFile(join(folder, 'app/areas.ts'), 'export const areas = [{}]')
    expect((await secrets('rotate')).output).toContain('holds something that is no area')
  })

  it('reads the areas of a generated app, as Node does', async () => {
    expect(await sigra(['db:migrate'], playground)).toMatchObject({ code: 0 })
    expect(await secrets('status', playground)).toMatchObject({
      code: 0,
      stdout: 'k2  signs and seals  nothing needs it\nk1  only opens      nothing needs it\n',
    })
  })

  it('asks accounts alone in an app of a release before there were areas', async () => {
    await rm(join(folder, 'app/areas.ts'))
    expect(await secrets('rotate')).toMatchObject({ code: 0 })
  })
})
