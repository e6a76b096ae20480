import { spawn } from 'node:child_process'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { programArguments } from '../host/program-arguments.ts'
import { findNextFreePort } from '../postgres/free-port.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { type Ended, runToEnd } from './testing-only/run-to-end.ts'
import { makeSmallApp } from './testing-only/small-app.ts'

const patient = { timeout: 120_000 }
const ownPackage = fileURLToPath(new URL('../..', import.meta.url))
const migration = 'migrations/Migration20260101000000.ts'

let database: TestDatabase
let app: string

beforeEach(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
})

afterEach(async () => {
  await database.drop()
  await rm(app, { recursive: true, force: true })
})

describe('sigra db:migrate in a folder whose name is a pattern', () => {
  it.each(['(dev)', '[app]', '!{a,b}*', 'C# 12'])(
    'makes the tables in %s, and takes them back',
    async (folder) => {
      app = await makeSmallApp(folder)
      expect(await sigra('db:migrate', '--check')).toMatchObject({
        code: 4,
        output: expect.stringMatching(/is not up to date/u),
      })
      expect(await sigra('db:migrate')).toMatchObject({
        code: 0,
        output: expect.stringMatching(/Applied migration Migration2026/u),
      })
      expect(await query('select id from users')).toEqual([])
      expect(await sigra('db:rollback')).toMatchObject({
        code: 0,
        output: expect.stringMatching(/Took migration Migration2026/u),
      })
      await expect(query('select id from users')).rejects.toThrow(/does not exist/u)
    },
  )
})

describe('sigra db:migrate', () => {
  it.each(['db:migrate', 'db:rollback'])(
    '%s takes no migrations for a mistake, not for “up to date”',
    async (command) => {
      app = await makeSmallApp()
      await rm(join(app, migration))
      expect(await sigra(command)).toMatchObject({
        code: 4,
        output:
          'There is no migration in migrations. Make one with npx sigra db:migration; if the app is deployed, deploy that folder, too.\n',
      })
      await rm(join(app, 'migrations'), { recursive: true })
      expect(await sigra(command)).toMatchObject({
        code: 4,
        output: expect.stringMatching(/^There is no migration in migrations/u),
      })
    },
  )

  it('says in one sentence which migration failed, with table and column', async () => {
    app = await makeSmallApp()
    await sigra('db:migrate')
    await query('insert into users default values')
    await addMigration('alter table users add nick text', 'alter table users alter column nick set not null')
    const { code, output } = await sigra('db:migrate')
    expect(code).toBe(1)
    expect(output).toBe(
      'Migration20260202000000 was not applied: table users, column nick: column "nick" of relation "users" contains null values. ' +
        'The database is as it was before. Fix the migration or the rows, then run this again.\n',
    )
    await expect(query('select nick from users')).rejects.toThrow(/does not exist/u)
  })

  it.each([
    ['alter table nowhere add x int', 'relation "nowhere" does not exist'],
    [
      'insert into users (id) values (1), (1)',
      'table users: duplicate key value violates unique constraint "users_pkey"',
    ],
    ['selec 1', 'syntax error at or near "selec"'],
  ])('says in one sentence what the database has against %s', async (statement, reason) => {
    app = await makeSmallApp()
    await addMigration(statement)
    const { code, output } = await sigra('db:migrate')
    expect(code).toBe(1)
    expect(output).toContain(`Migration20260202000000 was not applied: ${reason}`)
    expect(output.trim().split('\n')).toHaveLength(1)
  })
})

describe('sigra dev', () => {
  it('says in one sentence where Vite finds nothing', async () => {
    app = await makeSmallApp('C#/app')
    expect(await sigra('dev')).toMatchObject({
      code: 4,
      output: `Vite finds no files below a folder with # or ? in its name, and “C#” is one (${app}). Rename it, or use another folder.\n`,
    })
  })

  it('starts server and worker from a package in a folder whose name is no part of a URL', async () => {
    app = await makeSmallApp()
    const outer = join(app, 'tools/C#')
    await cp(join(ownPackage, 'src'), join(outer, 'src'), { recursive: true })
    await cp(join(ownPackage, 'package.json'), join(outer, 'package.json'))
    await sigra('db:migrate')

    const bin = join(outer, 'src/bin.ts')
    const port = String(await findNextFreePort(9400 + Math.floor(Math.random() * 2000)))
    const dev = spawn(process.execPath, ['--conditions=sigra-source', bin, 'dev', '--port', port], {
      cwd: app,
      env: { ...process.env, DATABASE_URL: database.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise((resolve) => dev.once('close', resolve))
    let output = ''
    for (const stream of [dev.stdout, dev.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
    try {
      await expect.poll(() => output, patient).toMatch(/App +http:\/\/localhost:/u)
      await expect
        .poll(() => readFile(join(app, 'worker.json'), 'utf8').catch(() => ''), patient)
        .toContain('first')
    } finally {
      dev.kill('SIGTERM')
      await ended
    }
  })
})

async function addMigration(...statements: readonly string[]): Promise<void> {
  const lines = statements.map((statement) => `this.addSql(${JSON.stringify(statement)})`).join('\n')
  await writeFile(
    join(app, 'migrations/Migration20260202000000.ts'),
    `import { Migration } from '@mikro-orm/migrations'
    export class Migration20260202000000 extends Migration {
      override up() {
        ${lines}
      }
    }`,
  )
}

async function query(text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

function sigra(...args: readonly string[]): Promise<Ended> {
  return runToEnd([...programArguments('bin'), ...args], app, { ...process.env, DATABASE_URL: database.url })
}
