import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@sigra/dev'
import { findFreePort, startMailSink } from './mail-sink.ts'

export interface Playground {
  origin: string
  databaseUrl: string
  /** One JSON line per mail that the SMTP server accepted. */
  mailFile: string
  /** What the server and the worker printed. */
  logFile: string
  /** What the server was started with that nobody may ever see. */
  secrets: readonly string[]
  /** Starts server and worker again, with more in their environment, on the same database and address. */
  restart(more: Record<string, string>): Promise<void>
  stop(): Promise<void>
}

export interface PlaygroundSettings {
  /** The app. @default the playground */
  root?: string
  /** More for its environment. */
  env?: Record<string, string>
  /** More for its PostgreSQL. */
  database?: Record<string, string>
}

/** Of a PostgreSQL that nothing outlives: nothing needs to reach the disk. */
export const THROWN_AWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** Production build, its own PostgreSQL, a worker, and a real SMTP server at the other end. */
export async function startPlayground({
  root = join(import.meta.dirname, '../../playground'),
  env = {},
  database = {},
}: PlaygroundSettings = {}): Promise<Playground> {
  const folder = await mkdtemp(join(tmpdir(), 'sigra-e2e-'))
  await chmod(folder, 0o755) // as root, PostgreSQL runs as another user
  const files = { mail: join(folder, 'mails.jsonl'), log: join(folder, 'app.log') }
  await writeFile(files.mail, '')

  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(folder, 'postgres'),
    settings: database,
  })
  const smtp = await startMailSink(files.mail)
  const port = await findFreePort()
  const origin = `http://localhost:${port}`
  const environment = {
    ...process.env,
    NODE_ENV: 'production',
    PORT: String(port),
    APP_ORIGIN: origin,
    DATABASE_URL: postgres.url,
    SIGRA_SECRETS: `e2e:${randomBytes(32).toString('base64url')}`,
    SMTP_URL: smtp.url,
    MAIL_FROM: 'Playground <playground@example.com>',
    TRUSTED_PROXIES: '1', // every spec speaks through a proxy of its own address, so that limits do not meet
    SIGRA_ALLOW_LOOPBACK_HTTP: '1',
    ...env,
  }
  const at = { cwd: root, env: environment }

  await run('npm', ['run', 'build'], at)
  await run('npm', ['run', 'db:migrate'], at)
  const log = createWriteStream(files.log)
  const startAll = (more: Record<string, string> = {}) => {
    const place = { ...at, env: { ...environment, ...more } }
    return [start(['run', 'start'], place, log), start(['run', 'worker'], place, log)]
  }
  let children = startAll()
  await waitUntilReady(origin)

  return {
    origin,
    databaseUrl: postgres.url,
    mailFile: files.mail,
    logFile: files.log,
    secrets: [environment.SIGRA_SECRETS, environment.SMTP_URL, environment.DATABASE_URL],
    async restart(more) {
      await Promise.all(children.map(end))
      children = startAll(more)
      await waitUntilReady(origin)
    },
    async stop() {
      await Promise.all(children.map(end))
      await smtp.stop()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface At {
  cwd: string
  env: NodeJS.ProcessEnv
}

function run(command: string, args: string[], at: At): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...at, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)))
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${command} ${args.join(' ')} exited with ${code}:\n${output}`)),
    )
  })
}

/** In a process group of its own, so that npm's child ends with it. */
function start(args: string[], at: At, log: NodeJS.WritableStream): ChildProcess {
  const child = spawn('npm', args, { ...at, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGTERM')
  await gone
}

async function waitUntilReady(origin: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await fetch(`${origin}/health/ready`).catch(() => null)
    if (answer?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`The playground at ${origin} did not become ready within 30 seconds.`)
}
