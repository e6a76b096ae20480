import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTestDatabase } from '@sigra/dev/testing'
import { Pool } from 'pg'
import { type AppCopy, copyApp } from '../support/app-copy.ts'
import { findFreePort } from '../support/mail-sink.ts'
import { replaceAll } from './replace-all.ts'

/** Better Auth's own names, as far as they are used here. */
interface PeerModule {
  auth: { api: { getSession(options: { headers: Headers }): Promise<object | null> } }
  migrate(): Promise<void>
  close(): Promise<void>
}

export interface PeerServer {
  origin: string
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '../..')
const secret = randomBytes(32).toString('base64url')

/** The playground with Better Auth in place of Sigra: the same server, the same dashboard. */
export async function copyPeerApp(): Promise<AppCopy> {
  const app = await copyApp('playground', 'better-auth')
  await cp(join(root, 'fixtures/peers/better-auth'), app.root, { recursive: true })
  await rm(join(app.root, 'app/entry.server.tsx')) // React Router's own
  await app.edit('app/routes/dashboard.tsx', (page) =>
    replaceAll(page, [
      [
        "import { requireUser, sigra } from '~/sigra.server'",
        "import { redirect } from 'react-router'\nimport { auth } from '~/auth.server'",
      ],
      [
        'const user = await requireUser(args)',
        "const session = await auth.api.getSession({ headers: args.request.headers })\n  if (!session) throw redirect('/log-in')\n  const user = { email: session.user.email, confirmedAt: session.user.createdAt }",
      ],
      ['await sigra.flash.read(args)', 'null'],
    ]),
  )
  return app
}

/** In this process, on a database of its own of the server at `url`. */
export async function openPeer(
  app: AppCopy,
  url: string,
  connections: number,
): Promise<PeerModule & { pool: Pool }> {
  const database = await createTestDatabase(url)
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    DATABASE_CONNECTIONS: String(connections),
    APP_ORIGIN: 'http://localhost:3000',
    BETTER_AUTH_SECRET: secret,
  })
  const peer: PeerModule = await import(join(app.root, 'app/auth.server.ts'))
  await peer.migrate()
  return { ...peer, pool: new Pool({ connectionString: database.url }) }
}

/** Production build, on a database of its own of the server at `url`. */
export async function startPeerServer(app: AppCopy, url: string): Promise<PeerServer> {
  const database = await createTestDatabase(url)
  const port = await findFreePort()
  const origin = `http://localhost:${port}`
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    PORT: String(port),
    APP_ORIGIN: origin,
    DATABASE_URL: database.url,
    BETTER_AUTH_SECRET: secret,
  }
  const at = { cwd: app.root, env }
  await promisify(execFile)(
    process.execPath,
    [join(root, 'node_modules/@react-router/dev/bin.cjs'), 'build'],
    at,
  )
  const migrate = "await (await import('./app/auth.server.ts')).migrate(); process.exit(0)"
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', migrate], at)
  const server = spawn(process.execPath, ['server.ts'], { ...at, stdio: ['ignore', 'ignore', 'inherit'] })
  await waitUntilListening(server, origin)
  return {
    origin,
    async stop() {
      const gone = new Promise((resolve) => server.once('exit', resolve))
      server.kill()
      await gone
    },
  }
}

/** So many people with a session each. @returns what their browsers would send as `Cookie` */
export async function insertPeerSessions(pool: Pool, people: number): Promise<readonly string[]> {
  const tokens = Array.from({ length: people }, () => randomBytes(24).toString('base64url'))
  await pool.query(
    `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
     select 'person' || n, 'Person', 'person' || n || '@example.com', true, now(), now() from generate_series(1, $1) n`,
    [people],
  )
  await pool.query(
    `insert into session (id, "userId", token, "expiresAt", "createdAt", "updatedAt")
     select 'session' || n, 'person' || n, t.token, now() + interval '7 days', now(), now()
     from unnest($1::text[]) with ordinality as t (token, n)`,
    [tokens],
  )
  await pool.query('analyze "user", session')
  return tokens.map((token) => {
    const signature = createHmac('sha256', secret).update(token).digest('base64')
    return `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`
  })
}

async function waitUntilListening(server: ChildProcess, origin: string): Promise<void> {
  while (server.exitCode === null) {
    const answer = await fetch(`${origin}/api/auth/ok`, {
      headers: { 'x-forwarded-for': '192.0.2.1' }, // it would complain about a client without an address
    }).catch(() => null)
    if (answer?.ok) return
  }
  throw new RangeError(`the server of Better Auth ended with ${server.exitCode}`)
}
