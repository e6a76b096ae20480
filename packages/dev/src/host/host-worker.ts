import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MikroORM } from '@mikro-orm/core'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'

/** What the database gets by the host's worker package: whatever version is installed there brings its own. */
export interface HostWorker {
  migrateQueue(url: string): Promise<void>
  /** Resolves to the role's name; `null` where it owns the tables itself. */
  grantToAppRole(orm: MikroORM, ownerUrl: string, appUrl: string): Promise<string | null>
}

/**
 * Loads it from the app.
 *
 * @returns `null` for a folder without packages.
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` when it is one of another time.
 */
export async function loadHostWorker(root: string): Promise<HostWorker | null> {
  const require = createRequire(join(root, 'package.json'))
  if (!existsSync(join(root, 'package.json'))) return null
  const loaded: unknown = await import(pathToFileURL(require.resolve('@sigra/worker')).href)
  if (isHostWorker(loaded)) return loaded
  throw new CommandFailed(EXIT.failed, 'The installed @sigra/worker has no migrateQueue(): versions differ.')
}

function isHostWorker(value: unknown): value is HostWorker {
  const { migrateQueue, grantToAppRole } = Object(value)
  return typeof migrateQueue === 'function' && typeof grantToAppRole === 'function'
}
