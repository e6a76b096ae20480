import { Client } from 'pg'

/** Rows of one statement in the playground's database, for looking, not for arranging. */
export async function query(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: process.env['E2E_DATABASE_URL'] ?? '' })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

/**
 * What visitors from these network addresses changed: rows of every table, jobs for the worker. What they tried and
 * failed at is in the audit log by design, and so are their limits.
 *
 * @param email Part of every e-mail address they typed.
 */
export async function findWritten(addresses: readonly string[], email: string): Promise<unknown[]> {
  const like = `%${email}%`
  const tables: [string, string, unknown][] = [
    ['users', 'select email from users where email like $1', like],
    ['users_tokens', 'select sent_to from users_tokens where sent_to like $1', like],
    ['user_sessions', 'select ip from user_sessions where ip = any($1)', addresses],
    ['audit_events', "select action from audit_events where ip = any($1) and outcome = 'success'", addresses],
    [
      'graphile_worker',
      'select payload from graphile_worker._private_jobs where payload::text like any($1)',
      [...addresses.map((address) => `%"${address}"%`), like],
    ],
  ]
  const found = await Promise.all(
    tables.map(async ([table, text, value]) =>
      (await query(text, [value])).map((row) => ({ table, ...row })),
    ),
  )
  return found.flat()
}
