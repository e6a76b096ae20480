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

/** Everything that a person's GET must not change: all tables but limits, last_seen_at and the queue's own clocks. */
export async function snapshot(email: string): Promise<string> {
  const tables = {
    users: 'select * from users where email = $1',
    tokens:
      'select t.* from users_tokens t join users u on u.id = t.user_id where u.email = $1 order by t.id',
    sessions: `select s.id, s.token_hash, s.expires_at, s.awaiting from user_sessions s join users u on u.id = s.user_id
      where u.email = $1 order by s.id`,
    browsers: `select b.id, b.browser_hash from user_known_browsers b join users u on u.id = b.user_id
      where u.email = $1 order by b.id`,
    audit:
      'select a.* from audit_events a join users u on u.id::text = a.subject_id::text where u.email = $1 order by a.id',
    app: 'select f.* from user_totp f join users u on u.id = f.user_id where u.email = $1',
    codes:
      'select f.* from user_backup_codes f join users u on u.id = f.user_id where u.email = $1 order by f.id',
    passkeys:
      'select f.* from user_passkeys f join users u on u.id = f.user_id where u.email = $1 order by f.id',
    jobs: 'select payload from graphile_worker._private_jobs where payload::text like $1 order by id',
  }
  const rows = Object.fromEntries(
    await Promise.all(
      Object.entries(tables).map(
        async ([name, text]) => [name, await query(text, [name === 'jobs' ? `%${email}%` : email])] as const,
      ),
    ),
  )
  return JSON.stringify(rows, null, 1)
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
