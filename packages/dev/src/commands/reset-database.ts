import { EXIT } from '@sigra/generators/command-line'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { CommandFailed } from '../cli/command-failed.ts'
import { printLine } from '../cli/print.ts'
import type { HostApp } from '../host/host-app.ts'
import { openDatabase } from '../host/open-database.ts'
import { migrateDatabase } from './migrate-database.ts'

export interface ResetOptions {
  /** The name of a database that is not the embedded one: whoever types it knows which one they empty. */
  confirm?: string
}

/**
 * Empties the app's database, mail queue included, and migrates it anew.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` in production, and for a database in `DATABASE_URL` that was not named.
 */
export async function resetDatabase(app: HostApp, { confirm }: ResetOptions = {}): Promise<void> {
  if (app.env['NODE_ENV'] === 'production') {
    throw new CommandFailed(
      EXIT.precondition,
      'db:reset deletes everything and refuses to run with NODE_ENV=production.',
    )
  }
  const own = app.env['DATABASE_URL']
  if (own !== undefined) requireName(own, confirm)
  const database = await openDatabase(app)
  try {
    await dropSchemas(database.ownerUrl)
    printLine('Emptied the database')
    await migrateDatabase(app)
  } finally {
    await database.close()
  }
  if (existsSync(join(app.root, 'seed.ts'))) printLine('Fill it again: npx sigra db:seed')
}

function requireName(url: string, confirm: string | undefined): void {
  const name = decodeURIComponent(URL.parse(url)?.pathname.slice(1) ?? '')
  if (name !== '' && confirm === name) return
  throw new CommandFailed(
    EXIT.precondition,
    `DATABASE_URL names a database of your own, and everything in it would be deleted. If you mean it: npx sigra db:reset --confirm ${name || '<its name>'}`,
  )
}

/** All of it or nothing: a schema that is not ours to drop keeps the others too. */
async function dropSchemas(connectionString: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`,
    )
    for (const { name } of rows) await client.query(`drop schema ${client.escapeIdentifier(name)} cascade`)
    await client.query('create schema public')
    await client.query('grant usage on schema public to public')
    await client.query('commit')
  } finally {
    await client.end()
  }
}
