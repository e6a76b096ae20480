import { query } from './database.ts'
import { allMailsTo } from './mails.ts'

/**
 * Everything that a person's GET must not change: all tables but limits and last_seen_at, and the mails they got. Waits
 * until every mail that was asked for has come.
 */
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
  }
  const mails = (await allMailsTo(email)).map(({ subject }) => subject)
  const rows = Object.fromEntries(
    await Promise.all(
      Object.entries(tables).map(async ([name, text]) => [name, await query(text, [email])] as const),
    ),
  )
  return JSON.stringify({ ...rows, mails }, null, 1)
}
