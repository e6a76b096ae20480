import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { findClosedFolder } from './closed-folder.ts'
import { isAlive, withFolderLock } from './folder-lock.ts'
import { findFreePort } from './free-port.ts'
import { PostgresFailed } from './postgres-failed.ts'
import { findPostgresPrograms, type PostgresPrograms } from './postgres-programs.ts'
import { runProgram, type RunAs } from './run-program.ts'
import { findServerState, writeServerState, type ServerState } from './server-state.ts'
import { findDatabaseUser } from './system-user.ts'

export interface EmbeddedPostgresOptions {
  /** Where the data lives. Made when missing; a server that already runs on it is adopted. */
  dataDirectory: string
  /** Tried first. When it is taken, or not given, the last one used, else any free one. */
  port?: number
  /** Made when missing. @default 'postgres' */
  database?: string
  /** Server settings, for example `{ fsync: 'off' }` where a crash of the machine may cost the data. */
  settings?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres {
  /** Of the superuser. Holds a password: not for logs. */
  url: string
  port: number
  /** False when a server was found running and is now shared or taken over. */
  started: boolean
  /** Stops the server (open transactions roll back) unless another living process started it. */
  stop(): Promise<void>
}

interface Cluster {
  dataDirectory: string
  programs: PostgresPrograms
  as: RunAs
  settings: Readonly<Record<string, string>>
}

const SUPERUSER = 'postgres'
const START_ATTEMPTS = 20 // after a kill, the dead server's children hold its memory for a second or two
const RETRY_MILLISECONDS = 500
const ANSWER_MILLISECONDS = 60_000 // recovery after a crash may replay a while
const PASSWORD_BYTES = 24

/**
 * Starts a real PostgreSQL from npm on a data directory, or adopts the one that runs there. Any number of processes
 * may ask at once for the same directory: one starts, the others share.
 *
 * @throws {PostgresFailed} `SIGRA_POSTGRES_FAILED` with a sentence that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDirectory = resolve(options.dataDirectory)
  const as = await findDatabaseUser()
  await mkdir(dirname(dataDirectory), { recursive: true })
  await requireOpenWay(dataDirectory, as)
  const programs = await findPostgresPrograms(as)
  const cluster: Cluster = { dataDirectory, programs, as, settings: options.settings ?? {} }

  return withFolderLock(`${dataDirectory}.lock`, async () => {
    const state = (await findServerState(dataDirectory)) ?? (await createCluster(cluster))
    const running = await adopt(cluster, state)
    const port = running ?? (await start(cluster, state, options.port))
    const isOurs = running === null || state.ownerPid === null || !isAlive(state.ownerPid)
    if (isOurs) await writeServerState(dataDirectory, { ...state, port, ownerPid: process.pid })

    const database = options.database ?? SUPERUSER
    await createDatabaseWhenMissing(urlOf(state, port, SUPERUSER), database)
    return {
      url: urlOf(state, port, database),
      port,
      started: running === null,
      stop: async () => (isOurs ? stop(cluster) : undefined),
    }
  })
}

async function requireOpenWay(dataDirectory: string, as: RunAs): Promise<void> {
  const closed = await findClosedFolder(dataDirectory, as)
  if (closed === null) return
  throw new PostgresFailed(
    `PostgreSQL cannot reach its data: the folder ${closed} is closed to the system user "${SUPERUSER}". ` +
      `Open it (chmod o+x ${closed}), work in another folder, or set DATABASE_URL to a database of your own.`,
  )
}

/** Built beside its place and moved there when complete: a start that dies half-way leaves nothing to trip over. */
async function createCluster({ dataDirectory, programs, as }: Cluster): Promise<ServerState> {
  const unfinished = `${dataDirectory}.new`
  const passwordFile = `${dataDirectory}.password`
  const state: ServerState = {
    password: randomBytes(PASSWORD_BYTES).toString('base64url'),
    port: null,
    ownerPid: null,
  }

  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, state.password, { mode: 0o600, flag: 'wx' })
  if (as.uid !== undefined && as.gid !== undefined) {
    await chown(unfinished, as.uid, as.gid)
    await chown(passwordFile, as.uid, as.gid)
  }
  const flags = [
    '--username',
    SUPERUSER,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--no-instructions',
  ]
  // The built-in locale needs nothing from the machine, so sorting is the same everywhere.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  const made = await runProgram(programs.initdb, [`--pgdata=${unfinished}`, ...flags, ...locale], as)
  await rm(passwordFile, { force: true })
  if (made.exitCode !== 0)
    throw new PostgresFailed(`PostgreSQL could not make its data directory: ${made.output}`)

  await writeServerState(unfinished, state)
  await rename(unfinished, dataDirectory).catch((cause: unknown) => {
    throw new PostgresFailed(
      `${dataDirectory} is not a data directory of the embedded PostgreSQL. Move it away, or choose another folder.`,
      { cause },
    )
  })
  return state
}

/** The port of a server that runs on this directory and answers, or `null` when none runs. */
async function adopt(cluster: Cluster, state: ServerState): Promise<number | null> {
  const found = await findPostmaster(cluster.dataDirectory)
  if (found === null) return null
  if (!(await isPostgres(found.pid))) {
    // Left by a crash, and the number belongs to some other program since: PostgreSQL itself would refuse to start.
    await rm(join(cluster.dataDirectory, 'postmaster.pid'), { force: true })
    return null
  }
  const answers = await waitForAnswer(state, found.port, () => isAlive(found.pid))
  return answers ? found.port : null
}

async function findPostmaster(dataDirectory: string): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n') // pid, data directory, start time, port, … (PostgreSQL: miscadmin.h)
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port) || port <= 0) return null
  return isAlive(pid) ? { pid, port } : null
}

/** Whether that process is a PostgreSQL that runs; a dead one that nobody has collected yet still has its number. */
async function isPostgres(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null) // "4711 (postgres) S …"
  if (stat !== null) return /^\d+ \(postgres[^)]*\) [^ZX]/.test(stat)
  const { exitCode, output } = await runProgram('ps', ['-o', 'comm=', '-p', String(pid)])
  return exitCode === 0 && output.includes('postgres')
}

async function start(cluster: Cluster, state: ServerState, wanted: number | undefined): Promise<number> {
  const logFile = join(cluster.dataDirectory, 'server.log')
  let output = ''
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    const port = await findFreePort(wanted ?? state.port ?? 0)
    const args = [
      'start',
      '--wait',
      '--silent',
      '--timeout=60',
      `--pgdata=${cluster.dataDirectory}`,
      `--log=${logFile}`,
    ]
    const started = await runProgram(
      cluster.programs.pgCtl,
      [...args, '-o', serverOptions(cluster.settings, port)],
      cluster.as,
    )
    if (started.exitCode === 0 && (await waitForAnswer(state, port, () => true))) return port
    output = started.output
    await sleep(RETRY_MILLISECONDS)
  }
  throw new PostgresFailed(`PostgreSQL did not start: ${output} Its log is in ${logFile}.`)
}

function serverOptions(settings: Readonly<Record<string, string>>, port: number): string {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '', // paths of sockets are limited to about 100 bytes, projects lie deeper
    timezone: 'UTC',
    max_connections: '200',
    ...settings,
  }
  const flags = Object.entries(all).map(([name, value]) => `-c ${name}=${quoteForShell(value)}`)
  return [`-p ${port}`, ...flags].join(' ') // pg_ctl hands this text to a shell
}

function quoteForShell(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`
}

async function waitForAnswer(state: ServerState, port: number, isRunning: () => boolean): Promise<boolean> {
  const deadline = Date.now() + ANSWER_MILLISECONDS
  let problem: unknown = null
  while (Date.now() < deadline && isRunning()) {
    try {
      await withClient(urlOf(state, port, SUPERUSER), async (client) => client.query('select 1'))
      return true
    } catch (error) {
      problem = error
      await sleep(50)
    }
  }
  if (!isRunning()) return false
  throw new PostgresFailed(`PostgreSQL runs on port ${port} but does not answer.`, { cause: problem })
}

async function createDatabaseWhenMissing(adminUrl: string, name: string): Promise<void> {
  if (name === SUPERUSER) return
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  })
}

async function stop({ dataDirectory, programs, as }: Cluster): Promise<void> {
  if ((await findPostmaster(dataDirectory)) === null) return
  const args = ['stop', '--wait', '--silent', '--mode=fast', '--timeout=60', `--pgdata=${dataDirectory}`]
  const stopped = await runProgram(programs.pgCtl, args, as)
  if (stopped.exitCode !== 0 && (await findPostmaster(dataDirectory)) !== null) {
    throw new PostgresFailed(`PostgreSQL did not stop: ${stopped.output}`)
  }
}

function urlOf(state: ServerState, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${state.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // a server that goes away is reported by the query that fails
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
