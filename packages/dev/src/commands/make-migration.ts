import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import {
  createFormatter,
  databaseObjectsOf,
  optionalFeatures,
  readProject,
  settleTables,
  shelfName,
  tablesOf,
  type FileChange,
} from '@sigra/generators'
import { MikroORM } from '@mikro-orm/core'
import { EXIT, type ExitCode } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import { printLine } from '../cli/print.ts'
import { readHostApp, type HostApp } from '../host/host-app.ts'
import { loadOrmConfig } from '../host/orm-config.ts'
import { addDatabaseObjects } from './add-database-objects.ts'
import { findDemands } from './find-demands.ts'
import { withOrm } from './migrate-database.ts'

export interface MadeMigration {
  /** The new file, from the root of the app; `null` when the entities say nothing new. */
  path: string | null
  /** Statements that end data. */
  drops: readonly string[]
  /** Columns, as `users.nick`, that rows without a value would keep from becoming `not null`. */
  demands: readonly string[]
  /** Everything that was written, with what was there before. */
  changes: readonly FileChange[]
}

const NOWHERE = 'postgresql://localhost/app' // a difference of two texts: nothing is ever connected to
const DROPPING = /^(drop table|alter table .* drop column)/iu

/** `sigra db:migration`: makes a migration from what the entities say and the snapshot does not. */
export async function writeMigration(root: string, name?: string): Promise<ExitCode> {
  if (name !== undefined && !/^[a-z][\w-]*$/iu.test(name)) {
    throw new CommandFailed(EXIT.usage, `"${name}" cannot name a migration; write it like add_display_name.`)
  }
  describeMigration(await makeMigration(root, name), printLine)
  return EXIT.done
}

/**
 * Compares the host's entities with the committed snapshot, without a database, and writes the difference as a
 * migration in the host's own style. It is never applied here. Tables of retired features stay out of the comparison.
 *
 * @param name Ends the name of the file. @default none
 */
export async function makeMigration(root: string, name?: string): Promise<MadeMigration> {
  const app = readHostApp(root)
  Object.assign(process.env, { DATABASE_URL: NOWHERE, ...app.env }) // the host's configuration may insist on one
  return withSnapshot(app, (orm) => compare(app, orm, name))
}

/** Moves the tables of retired features out of the snapshot, where nothing will drop them. */
export async function shelveTables(root: string): Promise<readonly FileChange[]> {
  const app = readHostApp(root)
  Object.assign(process.env, { DATABASE_URL: NOWHERE, ...app.env })
  return withSnapshot(app, async (orm) => {
    const before = await readPlaces(orm)
    await settle(app, before)
    return changesSince(app, before)
  })
}

/** Says what was made, and what to look at before it is applied. */
export function describeMigration(
  { path, drops, demands }: MadeMigration,
  say: (line: string) => void,
): void {
  if (path === null) return say('Nothing to do: the migrations match the entities.')
  say(`Made ${path}`)
  for (const statement of drops) say(`  it deletes data: ${statement}`)
  for (const column of demands) {
    say(
      `  it fails if a row has no value in ${column}: fill the column first in the same migration, or give it a default`,
    )
  }
  say('Read it, then apply it: npm run db:migrate')
}

/** Without a snapshot only a database can say what is there already. */
async function withSnapshot<Result>(app: HostApp, work: (orm: MikroORM) => Promise<Result>): Promise<Result> {
  const config = await loadOrmConfig(app.root)
  const orm = await MikroORM.init({ ...config, debug: false })
  try {
    if (existsSync(snapshotPath(orm))) return await work(orm)
  } finally {
    await orm.close()
  }
  printLine('There is no snapshot of the database yet: comparing with the database itself')
  return withOrm(app, work)
}

async function compare(app: HostApp, orm: MikroORM, name: string | undefined): Promise<MadeMigration> {
  const before = await readPlaces(orm)
  await settle(app, before)
  const { fileName, diff } = await orm.migrator.create(undefined, false, false, name)
  if (fileName === '') return { path: null, drops: [], demands: [], changes: await changesSince(app, before) }

  const file = join(dirname(before.snapshot.path), fileName)
  const whole = await withDatabaseObjects(app.root, await readFile(file, 'utf8'), diff.up)
  const text = await format(app.root, file, whole)
  await writeFile(file, text)
  const path = relative(app.root, file)
  const changes = await changesSince(app, before)
  return {
    path,
    drops: diff.up.filter((statement) => DROPPING.test(statement)),
    demands: findDemands(diff.up),
    changes: [...changes, { path, action: 'create', before: null, after: text }],
  }
}

/** A feature whose tables come or go takes along what no metadata says of them. */
async function withDatabaseObjects(root: string, text: string, up: readonly string[]): Promise<string> {
  const { state } = (await readProject(root)).lock
  return optionalFeatures.reduce((done, { name }) => {
    const tables = tablesOf([name], state.names)
    return addDatabaseObjects(done, () => databaseObjectsOf(state, name), {
      isNew: mentions(up, 'create table', tables),
      isGone: mentions(up, 'drop table', tables),
    })
  }, text)
}

function mentions(statements: readonly string[], verb: string, tables: readonly string[]): boolean {
  return statements.some(
    (text) => text.startsWith(verb) && tables.some((table) => text.includes(`"${table}"`)),
  )
}

interface Place {
  path: string
  text: string | null
}

interface Places {
  snapshot: Place
  shelf: Place
}

/** Where MikroORM keeps its snapshot: beside the migrations it writes. */
function snapshotPath(orm: MikroORM): string {
  const { emit, path, pathTs, snapshotName } = orm.config.get('migrations')
  const folder = (emit === 'ts' && pathTs) || path || 'migrations'
  const name = snapshotName ?? `.snapshot-${orm.config.get('dbName')}`
  return resolve(orm.config.get('baseDir'), folder, `${name}.json`)
}

async function readPlaces(orm: MikroORM): Promise<Places> {
  const path = snapshotPath(orm)
  const shelf = join(dirname(path), shelfName)
  return { snapshot: { path, text: await read(path) }, shelf: { path: shelf, text: await read(shelf) } }
}

async function settle({ root }: HostApp, { snapshot, shelf }: Places): Promise<void> {
  const { lock } = await readProject(root)
  const away = new Set(tablesOf(lock.state.retired, lock.state.names))
  const settled = settleTables({ snapshot: snapshot.text ?? '{}', shelf: shelf.text }, away)
  if (settled.shelf === shelf.text || snapshot.text === null) return
  const waiting = settled.shelf && (await format(root, shelf.path, settled.shelf))
  const writes = [() => write(snapshot.path, settled.snapshot), () => write(shelf.path, waiting)]
  // Killed in between, a table is in both files, and the next run sorts that out; never in neither.
  const isShelving = (settled.shelf ?? '').length > (shelf.text ?? '').length
  for (const step of isShelving ? writes.toReversed() : writes) await step()
}

async function changesSince({ root }: HostApp, places: Places): Promise<FileChange[]> {
  const changes: FileChange[] = []
  for (const { path, text } of [places.shelf, places.snapshot]) {
    const after = await read(path)
    if (after === text) continue
    const action = after === null ? 'delete' : 'write'
    changes.push({ path: relative(root, path), action, before: text, after })
  }
  return changes
}

/** As the app's own formatter would have it: what is made here passes its checks. */
function format(root: string, path: string, text: string): Promise<string> {
  return createFormatter(root, null)(relative(root, path), text)
}

function read(path: string): Promise<string | null> {
  return existsSync(path) ? readFile(path, 'utf8') : Promise.resolve(null)
}

function write(path: string, text: string | null): Promise<void> {
  return text === null ? rm(path, { force: true }) : writeFile(path, text)
}
