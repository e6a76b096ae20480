import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

export interface TestDatabase {
  url: string
  /** Closes whatever is still connected and removes the database. */
  drop(): Promise<void>
}

export interface TestDatabaseOptions {
  /** Name of a database to copy; see `createTemplateDatabase`. @default an empty database */
  template?: string
}

/** Makes a database of its own for a test, empty or as a copy of a migrated template: about 100 ms. */
export async function createTestDatabase(
  adminUrl: string,
  options: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await asAdmin(adminUrl, async (client) => {
    const source = options.template ?? 'template0'
    // The advisory lock: a template cannot be copied by two sessions at once.
    await client.query('select pg_advisory_lock(hashtext($1))', [source])
    await client.query(
      `create database ${client.escapeIdentifier(name)} template ${client.escapeIdentifier(source)}`,
    )
  })
  return { url: withDatabase(adminUrl, name), drop: () => dropDatabase(adminUrl, name) }
}

/**
 * Makes the database `name` once, migrated, for `createTestDatabase` to copy. Callers of the same name at the same
 * time wait for the first one. `migrate` must close its connections.
 */
export async function createTemplateDatabase(
  adminUrl: string,
  name: string,
  migrate: (url: string) => Promise<void>,
): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    await client.query('select pg_advisory_lock(hashtext($1))', [name])
    const { rowCount } = await client.query('select from pg_database where datname = $1 and datistemplate', [
      name,
    ])
    if (rowCount !== 0) return

    const identifier = client.escapeIdentifier(name)
    await client.query(`drop database if exists ${identifier} with (force)`) // left half-migrated by a failed run
    await client.query(`create database ${identifier} template template0`)
    await migrate(withDatabase(adminUrl, name))
    await client.query(`alter database ${identifier} is_template true`)
  })
}

async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`)
  })
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

/** The session ends with the work, and its advisory locks with it. */
async function asAdmin(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
