import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MikroORM, type Options } from '@mikro-orm/core'
import { CommandFailed, EXIT } from '../cli/command-failed.ts'
import { printLine } from '../cli/print.ts'
import type { HostApp } from '../host/host-app.ts'
import { openDatabase, type OpenDatabase } from '../host/open-database.ts'
import { grantToAppRole } from './grant-to-app-role.ts'

export interface MigrateOptions {
  /** Only say whether something is pending; exit code 4 when so. */
  check?: boolean
}

export interface RollBackOptions {
  /** Take every migration back, not only the newest. */
  all?: boolean
}

/**
 * Applies the host's migrations, then graphile-worker's, as the owner of the schema (`DATABASE_OWNER_URL`, else
 * `DATABASE_URL`, else the embedded database). With an owner of its own, the app's role then gets its rights.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` with a sentence that says what to do.
 */
export async function migrateDatabase(app: HostApp, options: MigrateOptions = {}): Promise<void> {
  await withOrm(app, async (orm, { ownerUrl, appUrl }) => {
    if (options.check) return refusePending(orm)
    const applied = await orm.migrator.up()
    for (const { name } of applied) printLine(`Applied migration ${name}`)
    if (applied.length === 0) printLine('Migrations are up to date')
    await migrateQueue(app, ownerUrl)
    if (ownerUrl !== appUrl) await grantToAppRole(orm, ownerUrl, appUrl)
  })
}

/**
 * Takes the newest migration back, or all of them, with what their tables hold. The mail queue stays.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` in production, where data would be lost.
 */
export async function rollBackDatabase(app: HostApp, options: RollBackOptions = {}): Promise<void> {
  if (app.env['NODE_ENV'] === 'production') {
    throw new CommandFailed(
      EXIT.precondition,
      'Taking a migration back deletes data: not with NODE_ENV=production.',
    )
  }
  await withOrm(app, async (orm) => {
    const taken = await orm.migrator.down(options.all ? { to: 0 } : undefined)
    for (const { name } of taken) printLine(`Took migration ${name} back`)
    if (taken.length === 0) printLine('There is no migration to take back')
  })
}

async function withOrm(
  app: HostApp,
  work: (orm: MikroORM, database: OpenDatabase) => Promise<void>,
): Promise<void> {
  const database = await openDatabase(app)
  Object.assign(process.env, { ...app.env, DATABASE_URL: database.appUrl }) // the host's configuration reads it
  try {
    const orm = await connect(app, database.ownerUrl)
    try {
      await work(orm, database)
    } finally {
      await orm.close()
    }
  } finally {
    await database.close()
  }
}

async function connect({ root }: HostApp, url: string): Promise<MikroORM> {
  const config = await loadConfig(join(root, 'mikro-orm.config.ts'))
  const quiet = { debug: false, migrations: { ...config.migrations, silent: true } } // we say what was applied
  const orm = await MikroORM.init({ ...config, ...quiet, clientUrl: url, allowGlobalContext: false })
  const problem = await findConnectionProblem(orm)
  if (problem === null) return orm
  await orm.close()
  throw new CommandFailed(
    EXIT.precondition,
    `The database at ${describeUrl(url)} cannot be reached: ${problem}. ` +
      'Check that it runs and that DATABASE_URL is right.',
  )
}

async function findConnectionProblem(orm: MikroORM): Promise<string | null> {
  try {
    await orm.connect()
    const connection = await orm.checkConnection()
    return connection.ok ? null : connection.reason
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function loadConfig(file: string): Promise<Partial<Options>> {
  const loaded: unknown = await import(pathToFileURL(file).href)
  if (isRecord(loaded) && isOptions(loaded['default'])) return loaded['default']
  throw new CommandFailed(EXIT.failed, `${file} has no default export made with defineConfig().`)
}

async function refusePending(orm: MikroORM): Promise<void> {
  const pending = await orm.migrator.getPending()
  if (pending.length === 0) return
  throw new CommandFailed(
    EXIT.precondition,
    `The database is not up to date (${pending.map(({ name }) => name).join(', ')}). Run: npm run db:migrate`,
  )
}

/** The queue belongs to the host's worker package: whatever version is installed there brings its migrations. */
async function migrateQueue({ root }: HostApp, url: string): Promise<void> {
  const require = createRequire(join(root, 'package.json'))
  if (!existsSync(join(root, 'package.json'))) return
  const loaded: unknown = await import(pathToFileURL(require.resolve('@sigra/worker')).href)
  if (!isRecord(loaded) || typeof loaded['migrateQueue'] !== 'function') {
    throw new CommandFailed(
      EXIT.failed,
      'The installed @sigra/worker has no migrateQueue(): versions differ.',
    )
  }
  await loaded['migrateQueue'](url)
  printLine('The mail queue is up to date')
}

/** Without user and password. */
function describeUrl(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `${parsed.host}${parsed.pathname}` : 'DATABASE_URL'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isOptions(value: unknown): value is Partial<Options> {
  return isRecord(value)
}
