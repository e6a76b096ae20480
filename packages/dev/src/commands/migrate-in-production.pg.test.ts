import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { createGeneratedApp } from './testing-only/generated-app.ts'
import { type Ended, runToEnd } from './testing-only/run-to-end.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
})
afterAll(() => database.drop())

describe('npm run db:migrate in production', () => {
  it('migrates tables and queue by the app’s own migrate.ts, and finds them up to date afterwards', async () => {
    const { root } = await createGeneratedApp({})
    const env = { DATABASE_URL: database.url }
    const pending = await migrate(root, env, '--check')
    expect(pending).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('The database is not up to date (Migration'),
    })
    const first = await migrate(root, env)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(
      /^Applied migration Migration\d+_accounts\nApplied migration Migration\d+_passkeys\nApplied migration Migration\d+_organizations\nThe mail queue is up to date\n$/u,
    )
    expect(await migrate(root, env, '--check')).toMatchObject({ code: 0, output: '' })
  })

  it('says in one sentence which migration the database refuses, and what is wrong with a URL', async () => {
    const { root } = await createGeneratedApp({})
    const other = await createTestDatabase(inject('postgresUrl'))
    onTestFinished(() => other.drop())
    await writeFile(
      join(root, 'migrations/Migration20990101000000.ts'),
      `import { Migration } from '@mikro-orm/migrations'
      export class Migration20990101000000 extends Migration {
        override up() {
          this.addSql('alter table nowhere add x int')
        }
      }`,
    )
    expect(await migrate(root, { DATABASE_URL: other.url })).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'Migration20990101000000 was not applied: relation "nowhere" does not exist. ' +
        'The database is as it was before. Fix the migration or the rows, then run this again.\n',
    })
    const owner = { DATABASE_URL: other.url, DATABASE_OWNER_URL: 'mysql://somebody@host/app' }
    expect(await migrate(root, owner)).toMatchObject({
      code: 4,
      output: expect.stringMatching(/^DATABASE_OWNER_URL [^\n]+\n$/u),
    })
  })

  it('INJ-03 quotes neither URL, whichever cannot be read', async () => {
    const { root } = await createGeneratedApp({})
    const unreadable = 'postgresql://app:S3CRET#pw@127.0.0.1:5432/app'
    for (const [name, env] of [
      ['DATABASE_URL', { DATABASE_OWNER_URL: database.url, DATABASE_URL: unreadable }],
      ['DATABASE_OWNER_URL', { DATABASE_OWNER_URL: unreadable, DATABASE_URL: database.url }],
      ['DATABASE_URL', { DATABASE_URL: unreadable }],
    ] as const) {
      expect(await migrate(root, env)).toMatchObject({
        code: 4,
        output: `${name} contains a # that is not encoded: write %23\n`,
      })
    }
  })

  it.each(['(dev)', '[app]'])('finds the migrations below %s', async (name) => {
    const { root } = await createGeneratedApp({})
    const other = await createTestDatabase(inject('postgresUrl'))
    onTestFinished(() => other.drop())
    const folder = join(await mkdtemp(join(tmpdir(), 'sigra-production-')), name)
    onTestFinished(() => rm(dirname(folder), { recursive: true, force: true }))
    await cp(root, folder, { recursive: true, verbatimSymlinks: true })
    expect(await migrate(folder, { DATABASE_URL: other.url })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Applied migration Migration\d+_accounts\n/u),
    })
  })

  it('asks for DATABASE_URL, and takes no migrations for none to apply', async () => {
    const { root } = await createGeneratedApp({})
    expect(await migrate(root)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('DATABASE_URL is not set.'),
    })
    await rm(join(root, 'migrations'), { recursive: true })
    const other = await createTestDatabase(inject('postgresUrl'))
    expect(await migrate(root, { DATABASE_URL: other.url })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('There is no migration in migrations.'),
    })
    await other.drop()
  })
})

function migrate(cwd: string, env: Record<string, string> = {}, ...args: string[]): Promise<Ended> {
  const { DATABASE_URL: _, DATABASE_OWNER_URL: __, ...outer } = process.env
  return runToEnd(['--conditions=sigra-source', 'migrate.ts', ...args], cwd, {
    ...outer,
    NODE_ENV: 'production',
    ...env,
  })
}
