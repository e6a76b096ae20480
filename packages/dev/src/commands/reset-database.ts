import { EXIT } from '@sigra/generators/command-line'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { CommandFailed } from '../cli/command-failed.ts'
import { printLine } from '../cli/print.ts'
import type { HostApp } from '../host/host-app.ts'
import { type OpenDatabase, openDatabase } from '../host/open-database.ts'
import { migrateDatabase } from './migrate-database.ts'

export interface ResetOptions {
  /** The name of a database that is not the embedded one: whoever types it knows which one they empty. */
  confirm?: string
}

/**
 * Empties the app's database, mail queue included, and migrates it anew.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` in production, for a database in `DATABASE_URL` that was not
 *   named, and where the owner's is another one.
 */
export async function resetDatabase(app: HostApp, { confirm }: ResetOptions = {}): Promise<void> {
  if (app.env['NODE_ENV'] === 'production') {
    throw new CommandFailed(
      EXIT.precondition,
      'db:reset deletes everything and refuses to run with NODE_ENV=production.',
    )
  }
  const database = await openDatabase(app)
  try {
    if (app.env['DATABASE_URL'] !== undefined) requireName(database, confirm)
    await dropSchemas(database.ownerUrl)
    printLine('Emptied the database')
    await migrateDatabase(app)
  } finally {
    await database.close()
  }
  if (existsSync(join(app.root, 'seed.ts'))) printLine('Fill it again: npx sigra db:seed')
}

/** What is emptied is the owner's database: it has to be the app's, and the one that was named. */
function requireName({ ownerUrl, appUrl }: OpenDatabase, confirm: string | undefined): void {
  const [owned, used] = [placeOf(ownerUrl), placeOf(appUrl)]
  if (owned.text !== used.text) {
    throw new CommandFailed(
      EXIT.precondition,
      `DATABASE_OWNER_URL and DATABASE_URL name two databases, ${owned.text} and ${used.text}. Nothing was deleted. Both have to name the same database.`,
    )
  }
  if (confirm === owned.name) return
  throw new CommandFailed(
    EXIT.precondition,
    `DATABASE_URL names a database of your own, ${owned.text}, and everything in it would be deleted. ` +
      `If you mean it: npx sigra db:reset --confirm ${owned.name}`,
  )
}

/** Where a database is, without who asks for it. */
function placeOf(url: string): { name: string; text: string } {
  const parsed = URL.parse(url)
  const name = parsed?.pathname.slice(1) ?? ''
  return { name, text: `${name} on ${parsed?.hostname.toLowerCase() ?? ''}:${parsed?.port || '5432'}` }
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
