import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from '@sigra/mikro-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from './testing-only/test-app.ts'
import { createTestBrowser, type TestBrowser } from './testing-only/test-browser.ts'
import {
  createTestSigra,
  createTestUser,
  recordQueries,
  type TestSigra,
  type TestUser,
} from './testing-only/test-sigra.ts'

const BATCHES = 60
const BATCH_ROWS = 500

let test: TestSigra
let app: TestApp
let server: Server
let user: TestUser
let browser: TestBrowser

beforeAll(async () => {
  test = await createTestSigra({
    policy: {
      password: { breachCheck: 'never' },
      export: { perDay: 10, batchRows: BATCH_ROWS, concurrency: 1 },
    },
  })
  const { sigra } = test
  app = createTestApp(sigra, {
    logIn: {
      path: 'users/log-in',
      action: async (args) => {
        const form = Object.fromEntries(await args.request.formData())
        const result = await sigra.accounts.logInUser(args, {
          email: form['email'],
          password: form['password'],
        })
        return result.ok ? result.redirect() : Response.json(result, { status: 400 })
      },
    },
    export: {
      path: 'export',
      isPage: false,
      action: async (args) => {
        const result = await sigra.accounts.exportUserData(args)
        return result.ok ? result.download() : Response.json(result, { status: 503 })
      },
    },
  })
  server = createServer((req, res) => void answer(req, res)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  user = await createTestUser(test)
  // Long rows: more than the sockets between the two take in without being read.
  await test.rows(sql`
    insert into audit_events (id, occurred_at, action, outcome, subject_id, user_agent)
    select gen_random_uuid(), now() - interval '1 day' + n * interval '1 millisecond', 'auth.log_in', 'success', ${user.id},
      repeat('x', 512)
    from generate_series(1, ${BATCHES * BATCH_ROWS}::int) n`)
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await test.close()
})
beforeEach(async () => {
  await test.rows(sql`delete from sigra_limits`)
  browser = createTestBrowser(app)
  await browser.submit('/users/log-in', { email: user.email, password: user.password })
})
afterEach(() => server.closeAllConnections())

/** As the adapters of React Router do it: no faster than the socket takes it. */
async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const response = await app(
    new Request(`https://app.test${req.url}`, {
      method: 'POST',
      headers: { cookie: String(req.headers.cookie), origin: 'https://app.test' },
    }),
  )
  res.writeHead(response.status)
  if (response.body === null) return void res.end()
  const body = response.body as NonNullable<Parameters<typeof Readable.fromWeb>[0]> // Node's stream type is not the web's
  await pipeline(Readable.fromWeb(body), res).catch(() => undefined) // whoever left
}

/** Asks for the file by a socket of its own, and reads as far as its head. */
function ask(): Promise<IncomingMessage> {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return new Promise((resolve, reject) => {
    request({ port: address.port, method: 'POST', path: '/export', headers: { cookie }, agent: false })
      .once('response', (response) => resolve(response.pause()))
      .once('error', reject)
      .end()
  })
}

async function readAll(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk)
  return text
}

/** Once no further batch is read. */
async function settle(soFar: readonly string[]): Promise<number> {
  for (let before = -1; before !== soFar.length;) {
    before = soFar.length
    await wait(1_000)
  }
  return batchesOf(soFar)
}

const batchesOf = (queries: readonly string[]) =>
  queries
    .filter((text) => text.startsWith('select') || text.includes('jsonb_build_object'))
    .filter((text) => text.includes('audit_events')).length

const openTransactions = () =>
  test.rows(sql`
    select from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
      and backend_type = 'client backend'`)

describe('EXP-01: over a real socket, an export', () => {
  it('waits for a slow reader: it reads no further, holds no connection, and goes on from there', async () => {
    await recordQueries(test.orm, async (soFar) => {
      const response = await ask()
      const read = await settle(soFar)
      expect(read).toBeGreaterThan(0)
      expect(read).toBeLessThan(BATCHES / 2)
      await expect.poll(openTransactions).toEqual([])
      const other = await ask()
      expect([other.statusCode, JSON.parse(await readAll(other))]).toMatchObject([503, { reason: 'busy' }])
      const { activity } = JSON.parse(await readAll(response))
      const rows = activity.filter(({ userAgent }: { userAgent: string | null }) =>
        userAgent?.startsWith('xxx'),
      )
      expect(rows).toHaveLength(BATCHES * BATCH_ROWS)
    })
  })

  it('ends with whoever leaves half-way: no batch, no connection and no place is left', async () => {
    await recordQueries(test.orm, async (soFar) => {
      const response = await ask()
      await settle(soFar)
      response.destroy()
      const read = await settle(soFar)
      expect(read).toBeLessThan(BATCHES / 2)
      await expect.poll(openTransactions).toEqual([])
      const next = await ask()
      expect(next.statusCode).toBe(200)
      next.destroy()
      await expect.poll(async () => (await ask()).statusCode).toBe(200)
    })
  })

  it('has what was there when it began, whatever is written while somebody reads slowly', async () => {
    await recordQueries(test.orm, async (soFar) => {
      const response = await ask()
      await settle(soFar)
      await test.rows(sql`
        insert into audit_events (id, occurred_at, action, outcome, subject_id)
        values (gen_random_uuid(), clock_timestamp(), 'auth.log_out', 'success', ${user.id})`)
      const { activity } = JSON.parse(await readAll(response))
      expect(activity.map(({ action }: { action: string }) => action)).not.toContain('auth.log_out')
    })
  })
})
