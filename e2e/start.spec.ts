import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { query } from './support/database.ts'
import { findFreePort } from './support/mail-sink.ts'

const playground = join(import.meta.dirname, '../playground')
const database = `seeded_${randomBytes(6).toString('hex')}`
let environment: NodeJS.ProcessEnv

test.beforeAll(async () => {
  await query(`create database ${database}`)
  const port = await findFreePort()
  const url = new URL(process.env['E2E_DATABASE_URL'] ?? '')
  url.pathname = database
  environment = {
    ...process.env,
    PORT: String(port),
    APP_ORIGIN: `http://localhost:${port}`,
    DATABASE_URL: url.href,
    SIGRA_SECRETS: `e2e:${randomBytes(32).toString('base64url')}`,
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'Playground <playground@example.com>',
    TRUSTED_PROXIES: '0',
    SIGRA_ALLOW_LOOPBACK_HTTP: '1',
  }
})

test.afterAll(() => query(`drop database ${database} with (force)`))

test('CFG-02 server and worker of a production build do not start beside demo users', async () => {
  test.slow() // four programs start, one after the other
  expect(await run(['run', 'db:migrate'])).toMatchObject({ code: 0 })
  expect(await run(['exec', '--', 'sigra', 'db:seed'])).toMatchObject({ code: 0 })
  for (const program of ['start', 'worker']) {
    const { code, output } = await run(['run', program])
    expect(output, program).toContain('The database holds confirmed users of seed.example')
    expect(output, program).not.toContain('server.listening')
    expect(code, program).toBe(1)
  }
})

test('CFG-03 server and worker refuse the same settings, all in one go and without a stack', async () => {
  test.slow()
  const bad = {
    APP_ORIGIN: 'https://app.example.com/path',
    DATABASE_URL: 'postgresql://app:s3cret#word@localhost/app',
    DATABASE_OWNER_URL: 'mysql://owner:s3cret@localhost/app',
    SIGRA_SECRETS: '',
    SMTP_URL: 'smtp.example.com',
    MAIL_FROM: 'Playground',
    TRUSTED_PROXIES: 'one',
  }
  for (const program of ['start', 'worker']) {
    const { code, output } = await run(['run', program], bad)
    for (const key of Object.keys(bad)) expect(output, program).toMatch(new RegExp(`^.*${key}.*$`, 'm'))
    expect(output, program).not.toMatch(/s3cret|^ +at |server\.listening/m)
    expect(code, program).toBe(1)
  }
  for (const url of ['postgresql://app:a%b@localhost/app', 'postgresql://app@localhost/my%20app', '']) {
    for (const program of ['start', 'worker']) {
      const { code, output } = await run(['run', program], { DATABASE_URL: url })
      expect(output, program).toContain('DATABASE_URL ')
      expect(output, program).not.toMatch(/^ +at /m)
      expect(code, program).toBe(1)
    }
  }
})

async function run(
  args: readonly string[],
  changes: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn('npm', args, { cwd: playground, env: { ...environment, ...changes } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}
