import { open, readFile } from 'node:fs/promises'
import { createPasswordHasher, createUuidV7 } from '@sigra/core'
import { Client } from 'pg'
import type { StartedHost } from './started-hosts.ts'

export interface HostUser {
  email: string
  password: string
}

const PASSWORD = 'correct horse battery staple'
const hashed = createPasswordHasher().hash(PASSWORD)

/** Someone who registered and confirmed before the test began. */
export async function createHostUser(
  host: StartedHost,
  { mustChangePassword = false } = {},
): Promise<HostUser> {
  const id = createUuidV7(new Date())
  const email = `${id}@example.com`
  await query(
    host.databaseUrl,
    `insert into users (id, email, email_canonical, hashed_password, confirmed_at, created_at, must_change_password)
     values ($1, $2, $2, $3, now(), now(), $4)`,
    [id, email, await hashed, mustChangePassword],
  )
  return { email, password: PASSWORD }
}

/** How many sessions there are of somebody, pending ones included. */
export async function countSessions(host: StartedHost, { email }: HostUser): Promise<number> {
  const [row] = await query(
    host.databaseUrl,
    'select count(*)::int as count from user_sessions s join users u on u.id = s.user_id where u.email = $1',
    [email],
  )
  return Number(row?.['count'])
}

/** The statements a host's database was sent while `work` ran, by PostgreSQL's own log. */
export async function recordStatements(host: StartedHost, work: () => Promise<unknown>): Promise<string[]> {
  const before = (await readFile(host.logFile)).length
  await work()
  const file = await open(host.logFile)
  const { buffer, bytesRead } = await file.read({ position: before, buffer: Buffer.alloc(1_048_576) })
  await file.close()
  const prefix = `${databaseOf(host)}:LOG:  `
  return buffer
    .toString('utf8', 0, bytesRead)
    .split('\n')
    .filter((line) => line.startsWith(prefix) && /^(?:statement|execute)/.test(line.slice(prefix.length)))
}

/** Ends all connections of a host and takes its database away while `work` runs. */
export async function withoutDatabase(host: StartedHost, work: () => Promise<unknown>): Promise<void> {
  const name = databaseOf(host)
  const admin = new URL(host.databaseUrl)
  admin.pathname = '/postgres'
  await query(admin.href, 'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [
    name,
  ])
  await query(admin.href, `alter database "${name}" rename to "${name}_away"`)
  try {
    await work()
  } finally {
    await query(admin.href, `alter database "${name}_away" rename to "${name}"`)
  }
}

async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

function databaseOf({ databaseUrl }: StartedHost): string {
  return new URL(databaseUrl).pathname.slice(1)
}
