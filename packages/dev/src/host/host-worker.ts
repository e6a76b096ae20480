import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MikroORM } from '@mikro-orm/core'
import { EXIT, type ExitCode } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'

/** What the database gets by the host's worker package: whatever version is installed there brings its own. */
export interface HostWorker {
  /** Throws `SIGRA_CONFIG_INVALID` for a URL that not all of its readers would read alike. */
  checkDatabaseUrl(variable: string, url: string): void
  /** Connects; resolves to the reason why that failed, or to `null`. */
  findConnectionProblem(orm: MikroORM): Promise<string | null>
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
  /** Takes what the app's `createSigra` returned, and closes it. Rejects with `SIGRA_CONFIG_INVALID` in an app without organizations. */
  backfillOrganizations(
    sigra: unknown,
    say: (sentence: string) => void,
  ): Promise<{ made: number; left: number }>
}

/**
 * Loads it from the app.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` when it is not installed, or its version does not fit.
 */
export async function loadHostWorker(root: string): Promise<HostWorker> {
  const loaded: unknown = await import(pathToFileURL(findWorker(root)).href)
  if (isHostWorker(loaded)) return loaded
  throw new CommandFailed(
    EXIT.failed,
    'The installed @sigra/worker does not match the version of @sigra/dev. Update both together.',
  )
}

function findWorker(root: string): string {
  try {
    return createRequire(join(root, 'package.json')).resolve('@sigra/worker')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error
    throw new CommandFailed(
      EXIT.precondition,
      `@sigra/worker is not installed in ${root}. Install the packages of this app (npm install), and list it among its dependencies if it is missing there.`,
      { cause: error },
    )
  }
}

const FUNCTIONS = {
  checkDatabaseUrl: true,
  findConnectionProblem: true,
  readMigrations: true,
  runMigrations: true,
  applyMigrations: true,
  explainPending: true,
  backfillOrganizations: true,
} satisfies Record<keyof HostWorker, true>

function isHostWorker(value: unknown): value is HostWorker {
  return Object.keys(FUNCTIONS).every((name) => typeof Object(value)[name] === 'function')
}

/** What the worker package refuses, as a failed command. By its code: the class is the host's copy of the library. */
export function asCommandFailed(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  const exitCode = exitCodes.get(error.code)
  return exitCode === undefined ? error : new CommandFailed(exitCode, error.message, { cause: error })
}

const exitCodes = new Map<unknown, ExitCode>([
  ['SIGRA_CONFIG_INVALID', EXIT.precondition],
  ['SIGRA_MIGRATIONS_MISSING', EXIT.precondition],
  ['SIGRA_MIGRATION_REFUSED', EXIT.failed],
])
