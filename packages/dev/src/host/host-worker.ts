import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MikroORM } from '@mikro-orm/core'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'

/** What the database gets by the host's worker package: whatever version is installed there brings its own. */
export interface HostWorker {
  /** Rejects with `SIGRA_MIGRATIONS_MISSING` where the app has none. */
  readMigrations(orm: MikroORM): Promise<void>
  /** Rejects with `SIGRA_MIGRATION_REFUSED` for one that the database does not take. */
  runMigrations(orm: MikroORM, way: 'up' | 'down', options?: { to: 0 }): Promise<readonly { name: string }[]>
  /** Migrations, the mail queue's, rights of the app's role: a sentence for each that was done. */
  applyMigrations(
    orm: MikroORM,
    urls: { ownerUrl: string; appUrl: string },
    say: (sentence: string) => void,
  ): Promise<void>
  /** Resolves to a sentence that names what is not applied yet, or to `null`. */
  explainPending(orm: MikroORM): Promise<string | null>
}

/**
 * Loads it from the app.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` when its version does not fit.
 */
export async function loadHostWorker(root: string): Promise<HostWorker> {
  const require = createRequire(join(root, 'package.json'))
  const loaded: unknown = await import(pathToFileURL(require.resolve('@sigra/worker')).href)
  if (isHostWorker(loaded)) return loaded
  throw new CommandFailed(
    EXIT.failed,
    'The installed @sigra/worker does not match the version of @sigra/dev. Update both together.',
  )
}

function isHostWorker(value: unknown): value is HostWorker {
  const { readMigrations, runMigrations, applyMigrations, explainPending } = Object(value)
  return [readMigrations, runMigrations, applyMigrations, explainPending].every(
    (each) => typeof each === 'function',
  )
}
