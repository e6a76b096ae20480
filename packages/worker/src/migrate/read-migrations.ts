import { glob } from 'node:fs/promises'
import { basename, isAbsolute, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Utils, type MigrationObject, type MikroORM } from '@mikro-orm/core'
import { MigrationFailed } from './migration-failed.ts'

/**
 * Hands the app's migrations to MikroORM one by one. By itself it looks for them with the whole path as a pattern: below
 * a folder like `[app]` or `(dev)` it finds none, and none would count as “up to date”.
 *
 * @throws {MigrationFailed} `SIGRA_MIGRATIONS_MISSING` when there is none: nothing found is never nothing to do.
 */
export async function readMigrations(orm: MikroORM): Promise<void> {
  const options = orm.config.get('migrations')
  if (options.migrationsList !== undefined) return
  const folder = findFolder(orm)
  const list = await loadAll(folder, options.glob ?? '*.{js,ts}')
  if (list.length === 0) {
    throw new MigrationFailed(
      'SIGRA_MIGRATIONS_MISSING',
      `There is no migration in ${relative(orm.config.get('baseDir'), folder) || folder}. ` +
        'Make one with npx sigra db:migration; if the app is deployed, deploy that folder, too.',
    )
  }
  orm.config.set('migrations', { ...options, migrationsList: list })
}

/** As MikroORM chooses between the sources and what was built of them. */
function findFolder({ config }: MikroORM): string {
  const { path, pathTs } = config.get('migrations')
  const isSource = config.get('preferTs', Utils.detectTypeScriptSupport())
  const folder = (isSource ? pathTs : undefined) ?? path ?? 'migrations'
  return isAbsolute(folder) ? folder : join(config.get('baseDir'), folder)
}

async function loadAll(folder: string, pattern: string): Promise<MigrationObject[]> {
  const names: string[] = []
  for await (const name of glob(pattern, { cwd: folder })) names.push(name)
  return Promise.all(
    names.sort().map(async (name) => {
      const module: unknown = await import(pathToFileURL(join(folder, name)).href)
      const found = Object.values(typeof module === 'object' && module !== null ? module : {}).find(
        isMigration,
      )
      if (found !== undefined) return { name: basename(name), class: found }
      throw new MigrationFailed('SIGRA_MIGRATIONS_MISSING', `${join(folder, name)} exports no migration.`)
    }),
  )
}

function isMigration(value: unknown): value is MigrationObject['class'] {
  return typeof value === 'function'
}
