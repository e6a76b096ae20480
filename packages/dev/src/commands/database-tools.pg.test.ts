import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { programArguments } from '../host/program-arguments.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { type Ended, runToEnd } from './testing-only/run-to-end.ts'
import { makeSmallApp } from './testing-only/small-app.ts'

let folder: string
let own: TestDatabase
beforeAll(async () => {
  folder = await makeSmallApp()
  own = await createTestDatabase(inject('postgresUrl'))
})
afterAll(async () => {
  await own.drop()
  await rm(folder, { recursive: true, force: true })
})

describe('sigra db:url', () => {
  it('prints the address of the embedded database alone, and says that it answers while the app runs', async () => {
    const { code, stdout, stderr } = await sigra(['db:url'])
    expect({ code, url: URL.parse(stdout.trim())?.pathname }).toEqual({ code: 0, url: '/app' })
    expect(stderr).toContain('It answers while the app runs: npm run dev')
  })

  it('prints DATABASE_URL where there is one', async () => {
    const { stdout, stderr } = await sigra(['db:url'], { DATABASE_URL: own.url })
    expect([stdout, stderr]).toEqual([`${own.url}\n`, ''])
  })
})

describe('a URL that cannot be read', () => {
  it.each([['db:url'], ['db:psql'], ['db:migrate'], ['db:reset']])(
    'INJ-03 is quoted by no command: %s',
    async (command) => {
      const unreadable = 'postgresql://app:S3CRET#pw@127.0.0.1:5432/app'
      for (const env of [
        { DATABASE_URL: unreadable },
        { DATABASE_URL: unreadable, DATABASE_OWNER_URL: own.url },
        { DATABASE_URL: own.url, DATABASE_OWNER_URL: unreadable },
      ]) {
        const { code, stdout, stderr } = await sigra([command], env)
        expect(stdout + stderr).not.toContain('S3CRET')
        expect(stderr).toMatch(/DATABASE_(?:OWNER_)?URL contains a # that is not encoded: write %23/u)
        expect(code).toBe(4)
      }
    },
  )
})

describe('sigra db:psql', () => {
  it('hands psql the database, the password where no other process reads it, and what stands after --', async () => {
    const bin = await mkdtemp(join(tmpdir(), 'sigra-psql-'))
    await writeFile(join(bin, 'psql'), '#!/bin/sh\necho "$@" "$PGPASSWORD"\nexit 3\n')
    await chmod(join(bin, 'psql'), 0o755)
    const database = {
      DATABASE_URL: 'postgresql://app:a%20b@db.test:5433/shop',
      PATH: `${bin}:/bin:/usr/bin`,
    }
    const { code, stdout } = await sigra(['db:psql', '--', '-c', 'select 1'], database)
    expect(stdout).toBe('--dbname postgresql://app@db.test:5433/shop -c select 1 a b\n')
    expect(code).toBe(1)
    await rm(bin, { recursive: true })
  })

  it('says how to get psql where there is none', async () => {
    const { code, stderr } = await sigra(['db:psql'], { DATABASE_URL: own.url, PATH: '/nowhere' })
    expect(stderr).toContain('psql is not on this machine.')
    expect(code).toBe(4)
  })
})

describe('sigra db:reset', () => {
  it('empties the embedded database and migrates it anew', async () => {
    const { code, stdout } = await sigra(['db:reset'])
    expect(stdout).toContain('Emptied the database\nApplied migration Migration20260101000000\n')
    expect(code).toBe(0)
  })

  it('empties no database of somebody else unless its name is typed', async () => {
    const env = { DATABASE_URL: own.url }
    const name = new URL(own.url).pathname.slice(1)
    await query('create table notes (id int)')
    const refused = await sigra(['db:reset'], env)
    expect(refused.stderr).toContain(`npx sigra db:reset --confirm ${name}`)
    expect(refused.code).toBe(4)
    expect((await sigra(['db:reset', '--confirm', 'another'], env)).code).toBe(4)
    expect(await tables()).toEqual(['notes'])

    expect((await sigra(['db:reset', '--confirm', name], env)).code).toBe(0)
    expect(await tables()).toContain('users')
    expect(await tables()).not.toContain('notes')
  })

  it('CFG-09: empties no other database than the one that was named', async () => {
    const other = await createTestDatabase(inject('postgresUrl'))
    await query('create table precious (id int)')
    const name = new URL(other.url).pathname.slice(1)
    const env = { DATABASE_URL: other.url, DATABASE_OWNER_URL: own.url }
    const { code, stderr } = await sigra(['db:reset', '--confirm', name], env)
    expect(stderr).toContain('DATABASE_OWNER_URL and DATABASE_URL name two databases')
    expect(stderr).toContain(`${name} on ${new URL(other.url).host}`)
    expect(code).toBe(4)
    expect(await tables()).toContain('precious')
    await other.drop()
  })

  it('CFG-02: is refused in production, whatever is typed', async () => {
    const name = new URL(own.url).pathname.slice(1)
    const env = { DATABASE_URL: own.url, NODE_ENV: 'production' }
    const { code, stderr } = await sigra(['db:reset', '--confirm', name], env)
    expect(stderr).toContain('refuses to run with NODE_ENV=production')
    expect(code).toBe(4)
  })
})

async function query(text: string): Promise<{ name: string }[]> {
  const client = new Client({ connectionString: own.url })
  await client.connect()
  try {
    return (await client.query<{ name: string }>(text)).rows
  } finally {
    await client.end()
  }
}

async function tables(): Promise<string[]> {
  const rows = await query(`select relname as name from pg_class where relkind = 'r'
    and relnamespace = 'public'::regnamespace order by 1`)
  return rows.map(({ name }) => name)
}

function sigra(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const { DATABASE_URL: _, NODE_ENV: __, ...outer } = process.env
  return runToEnd([...programArguments('bin'), ...args], folder, { ...outer, ...env })
}
