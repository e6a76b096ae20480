import { basename, extname } from 'node:path'
import { MikroORM } from '@mikro-orm/core'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import { printLine } from '../cli/print.ts'
import type { HostApp } from '../host/host-app.ts'
import { asCommandFailed, type HostWorker, loadHostWorker } from '../host/host-worker.ts'
import { openDatabase, type OpenDatabase } from '../host/open-database.ts'
import { loadOrmConfig } from '../host/orm-config.ts'

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
  await withMigrations(app, async (worker, orm, urls) => {
    if (!options.check) return worker.applyMigrations(orm, urls, printLine)
    const pending = await worker.explainPending(orm)
    if (pending !== null) throw new CommandFailed(EXIT.precondition, pending)
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
      'Taking a migration back deletes data and is refused with NODE_ENV=production.',
    )
  }
  await withMigrations(app, async (worker, orm) => {
    const taken = await worker.runMigrations(orm, 'down', options.all ? { to: 0 } : undefined)
    for (const { name } of taken) printLine(`Took migration ${name} back`)
    if (taken.length === 0) printLine('There is no migration to take back')
  })
}

async function withMigrations(
  app: HostApp,
  work: (worker: HostWorker, orm: MikroORM, database: OpenDatabase) => Promise<void>,
): Promise<void> {
  const worker = await loadHostWorker(app.root)
  try {
    await withOrm(app, async (orm, database) => {
      await worker.readMigrations(orm)
      await work(worker, orm, database)
    })
  } catch (error) {
    throw asCommandFailed(error)
  }
}

/** Those of some migrations that the database has. One without a table of migrations has none. */
export async function findApplied(app: HostApp, names: readonly string[]): Promise<string[]> {
  return withOrm(app, async (orm) => {
    const { schema, tableName = 'mikro_orm_migrations' } = orm.config.get('migrations')
    const table = schema === undefined ? tableName : `${schema}.${tableName}`
    const connection = orm.em.getConnection()
    const [found]: { table: string | null }[] = await connection.execute('select to_regclass(?) as "table"', [
      table,
    ])
    if (typeof found?.table !== 'string') return []
    const rows: { name: string }[] = await connection.execute(`select name from ${found.table}`)
    const applied = new Set(rows.map(({ name }) => basename(name, extname(name))))
    return names.filter((name) => applied.has(name))
  })
}

/** Opens the database the app would use, as the owner of its schema, for one piece of work. */
export async function withOrm<Result>(
  app: HostApp,
  work: (orm: MikroORM, database: OpenDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(app)
  // The host's configuration reads it: as the owner it connects, with what that URL says about TLS.
  Object.assign(process.env, { ...app.env, DATABASE_URL: database.ownerUrl })
  try {
    const isOwner = database.ownerUrl !== database.appUrl
    const orm = await connect(app, database.ownerUrl, isOwner ? 'DATABASE_OWNER_URL' : 'DATABASE_URL')
    process.env['DATABASE_URL'] = database.appUrl
    try {
      return await work(orm, database)
    } finally {
      await orm.close()
    }
  } finally {
    await database.close()
  }
}

async function connect({ root }: HostApp, url: string, variable: string): Promise<MikroORM> {
  const config = await loadOrmConfig(root, variable)
  const { findConnectionProblem } = await loadHostWorker(root)
  const quiet = { debug: false, migrations: { ...config.migrations, silent: true } } // we say what was applied
  const orm = await MikroORM.init({ ...config, ...quiet, clientUrl: url, allowGlobalContext: false })
  const problem = await findConnectionProblem(orm)
  if (problem === null) return orm
  await orm.close()
  throw new CommandFailed(
    EXIT.precondition,
    `The database at ${describeUrl(url)} cannot be reached: ${problem}. ` +
      `Check that it runs and that ${variable} is right.`,
  )
}

/** Without user and password. */
function describeUrl(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `${parsed.host}${parsed.pathname}` : 'DATABASE_URL'
}
