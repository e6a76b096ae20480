import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { createGeneratedApp, type Ended } from './testing-only/generated-app.ts'

vi.setConfig({ testTimeout: 240_000 })

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
    expect(pending).toMatchObject({ code: 4, stderr: expect.stringContaining('Not applied yet: Migration') })
    const first = await migrate(root, env)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(/^Applied Migration\d+_accounts\nThe mail queue is up to date\n$/u)
    expect(await migrate(root, env, '--check')).toEqual({ code: 0, stdout: '', stderr: '' })
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
      stderr: expect.stringContaining('There is no migration here'),
    })
    await other.drop()
  })
})

async function migrate(cwd: string, env: Record<string, string> = {}, ...args: string[]): Promise<Ended> {
  const { DATABASE_URL: _, DATABASE_OWNER_URL: __, ...outer } = process.env
  const child = spawn(process.execPath, ['--conditions=sigra-source', 'migrate.ts', ...args], {
    cwd,
    env: { ...outer, NODE_ENV: 'production', ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  child.stdin.end()
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}
