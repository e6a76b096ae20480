import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import type { HostApp } from '../host/host-app.ts'
import { openDatabase } from '../host/open-database.ts'
import { migrateDatabase } from './migrate-database.ts'

const SEED_FILE = 'seed.ts'
const DEFAULT_ORIGIN = 'http://localhost:5173'

/**
 * Runs the host's `seed.ts` with `DATABASE_URL` set. The embedded database is migrated before; one the developer
 * brought is only looked at.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` in production, without a `seed.ts`, when migrations are missing, and when
 *   the seed fails.
 */
export async function seedDatabase(app: HostApp): Promise<void> {
  if (app.env['NODE_ENV'] === 'production') {
    throw new CommandFailed(
      EXIT.precondition,
      'Everybody knows the passwords of demo users: db:seed refuses to run with NODE_ENV=production.',
    )
  }
  if (!existsSync(join(app.root, SEED_FILE))) {
    throw new CommandFailed(EXIT.precondition, `There is no ${SEED_FILE} in ${app.root}.`)
  }
  await migrateDatabase(app, { check: app.env['DATABASE_URL'] !== undefined })
  const database = await openDatabase(app)
  try {
    await runSeed(app, database.appUrl)
  } finally {
    await database.close()
  }
}

async function runSeed({ root, env }: HostApp, databaseUrl: string): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, SEED_FILE], {
    cwd: root,
    env: { APP_ORIGIN: DEFAULT_ORIGIN, ...env, NODE_ENV: 'development', DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new CommandFailed(EXIT.failed, `${SEED_FILE} failed: see above.`)
}
