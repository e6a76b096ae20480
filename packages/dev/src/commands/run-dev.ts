import { spawn } from 'node:child_process'
import { existsSync, watch } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { refuseFolderForVite } from '@sigra/generators'
import { EXIT, type ExitCode } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import { printLine } from '../cli/print.ts'
import { chooseDataDirectory } from '../host/data-directory.ts'
import type { HostApp } from '../host/host-app.ts'
import { programArguments, programPath } from '../host/program-arguments.ts'
import { findNextFreePort } from '../postgres/free-port.ts'
import { startEmbeddedPostgres } from '../postgres/start-embedded-postgres.ts'
import { supervise, type Supervised } from '../supervisor/supervise.ts'
import { waitForPage } from '../supervisor/wait-for-page.ts'
import { watchParent } from '../supervisor/watch-parent.ts'

export interface DevOptions {
  /** Tried first; the next free one when it is taken. @default that of `PORT`, else of `APP_ORIGIN`, else 5173 */
  port?: number
}

const DEFAULT_PORT = 5173
const SERVER_CRASHES = 3 // before it ever answered: its start-up check refuses something only a person can mend
const SETTLE_MILLISECONDS = 200 // editors write a file in several steps
const RESTARTING_FILES = ['server.ts', '.env', 'mikro-orm.config.ts'] // what Vite does not reload by itself
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** Runs database, migrations, server and worker until somebody stops it, or the process that started it ends. */
export async function runDev(app: HostApp, options: DevOptions = {}): Promise<ExitCode> {
  refuseFolderForVite(app.root)
  const leaving = leaveWhenAsked()
  const cleanups: (() => Promise<void>)[] = []
  try {
    const env = {
      SIGRA_LOG: 'readable',
      ...app.env,
      NODE_ENV: 'development',
      ...(await chooseAddress(app, options)),
    }
    const databaseUrl = await prepareDatabase({ ...app, env }, cleanups)
    if (leaving.signal.aborted) return EXIT.cancelled
    await startPrograms({ root: app.root, env: { ...env, DATABASE_URL: databaseUrl } }, cleanups, leaving)
    return EXIT.cancelled
  } finally {
    const wasAsked = leaving.signal.aborted
    leaving.abort() // ends the wait for a page that will not come
    for (const cleanup of cleanups.toReversed()) await cleanup()
    if (wasAsked) printLine('Stopped')
  }
}

/** By a signal, or because whoever started this is gone. */
function leaveWhenAsked(): AbortController {
  const leaving = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leaving.abort())
  watchParent(() => leaving.abort())
  return leaving
}

async function chooseAddress(
  { env }: HostApp,
  options: DevOptions,
): Promise<{ PORT: string; APP_ORIGIN: string }> {
  const configured = URL.parse(env['APP_ORIGIN'] ?? '')
  const wanted = options.port ?? (Number(env['PORT'] ?? configured?.port) || DEFAULT_PORT)
  const port = await findNextFreePort(wanted)
  if (port !== wanted) printLine(`Port ${wanted} is taken, using ${port}`)

  const isLocal = configured === null || LOOPBACK.includes(configured.hostname)
  // A public name is a tunnel or a proxy of the developer's own: that address stays as it is.
  const origin = isLocal ? `http://${configured?.hostname ?? 'localhost'}:${port}` : configured.origin
  return { PORT: String(port), APP_ORIGIN: origin }
}

/** A database the developer brought is only looked at; the embedded one is ours to migrate. */
async function prepareDatabase(app: HostApp, cleanups: (() => Promise<void>)[]): Promise<string> {
  const own = app.env['DATABASE_URL']
  if (own !== undefined) {
    printLine('Database: DATABASE_URL')
    await runMigrations(app, ['--check'])
    return own
  }
  const { path, closedFolder } = await chooseDataDirectory(app.root)
  const database = await startEmbeddedPostgres({ dataDirectory: path, database: 'app' })
  cleanups.push(() => database.stop())
  const place = closedFolder
    ? `${path} (the user postgres cannot enter ${closedFolder})`
    : relative(app.root, path)
  printLine(`Database: embedded PostgreSQL on port ${database.port}, data in ${place}`)
  await runMigrations({ ...app, env: { ...app.env, DATABASE_URL: database.url } }, [])
  return database.url
}

/** In a process of its own, so that every start reads the host's entities afresh and nothing of them stays here. */
async function runMigrations(app: HostApp, flags: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [...programArguments('bin'), 'db:migrate', ...flags], {
    cwd: app.root,
    env: app.env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const code = await new Promise<number>((resolve) =>
    child.once('exit', (exitCode) => resolve(exitCode ?? EXIT.failed)),
  )
  if (code === EXIT.precondition)
    throw new CommandFailed(EXIT.precondition, 'The database is not ready: see above.')
  if (code !== 0) throw new CommandFailed(EXIT.failed, 'The migrations were not applied: see above.')
}

async function startPrograms(
  app: HostApp,
  cleanups: (() => Promise<void>)[],
  leaving: AbortController,
): Promise<void> {
  const server = supervise(
    { name: 'The server', args: [...childFlags(), 'server.ts'], cwd: app.root, env: app.env },
    { mostCrashes: SERVER_CRASHES, healthyAfterMilliseconds: 5_000 },
  )
  cleanups.push(() => server.stop())
  const programs = [server]
  if (existsSync(join(app.root, 'worker.ts'))) {
    const worker = supervise({
      name: 'The worker',
      args: [...childFlags(), programPath('worker/run-worker-in-vite')],
      cwd: app.root,
      env: app.env,
    })
    cleanups.push(() => worker.stop())
    programs.push(worker)
    printLine('Worker: delivering queued emails')
  }
  cleanups.push(restartOnChange(app.root, programs))

  const origin = app.env['APP_ORIGIN']
  void announce(app, `http://localhost:${app.env['PORT']}`, leaving.signal, origin)
  const left = new Promise<void>((resolve) =>
    leaving.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  const failed = await Promise.race([left.then(() => false), server.givenUp.then(() => true)])
  if (failed)
    throw new CommandFailed(
      EXIT.failed,
      'The server did not start. Fix the problem shown above, then run this again.',
    )
}

async function announce(app: HostApp, local: string, signal: AbortSignal, origin = local): Promise<void> {
  if (!(await waitForPage(`${local}/`, signal))) return
  printLine()
  printLine(`  App      ${origin}`)
  if (app.env['SMTP_URL'] === undefined) printLine(`  Mailbox  ${origin}/dev/mailbox`)
  printLine('  Stop     Ctrl-C')
  printLine()
}

function restartOnChange(root: string, programs: readonly Supervised[]): () => Promise<void> {
  let timer: NodeJS.Timeout | null = null
  const watcher = watch(root, (_event, file) => {
    if (file === null || !RESTARTING_FILES.includes(file) || timer) return
    timer = setTimeout(() => {
      timer = null
      printLine(`${basename(file)} changed: starting again`)
      for (const program of programs) program.restart()
    }, SETTLE_MILLISECONDS)
  })
  return async () => {
    watcher.close()
    if (timer) clearTimeout(timer)
  }
}

function childFlags(): string[] {
  // Without the condition Node loads the production copies of packages and Vite their development copies.
  return [
    ...process.execArgv,
    '--conditions=development',
    '--import',
    pathToFileURL(programPath('supervisor/leave-with-parent')).href, // a `#` in a path would end it, and `C:` is no protocol
  ]
}
