import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { identifier, sql } from '../database/sql.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  recordQueries,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { readQueue } from '../testing/test-mail.ts'
import { createPasskeyUser } from '../testing/passkeys/test-passkey.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { type ExportPieces, ExportTooSlow, exportUserData } from './export-user-data.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({
    policy: {
      ...generousLimits,
      ...cheapHashing,
      export: { perDay: 3, batchRows: 500, minutes: 5, concurrency: 2 },
    },
  })
})
afterAll(() => test.close())

async function start(browser: TestCaller, runtime = test.runtime): Promise<ExportPieces> {
  const result = await exportUserData(runtime, browser)
  if (!result.ok) throw new Error(result.reason)
  return result.pieces
}

async function readAll(pieces: ExportPieces): Promise<string[]> {
  const all: string[] = []
  for (let piece = await pieces.next(); piece !== null; piece = await pieces.next()) all.push(piece)
  return all
}

async function signedIn() {
  const user = await createTestUser(test)
  return { user, browser: await signInTestUser(test, user) }
}

/** Lines of the audit log about somebody. */
const addActivity = (userId: string, count: number) =>
  test.rows(sql`
    insert into audit_events (id, occurred_at, action, outcome, subject_id)
    select gen_random_uuid(), now() - interval '1 day' + n * interval '1 millisecond', 'auth.log_in', 'success', ${userId}
    from generate_series(1, ${count}::int) n`)

describe('EXP-01: an export', () => {
  it('is one JSON document with everything there is about the account', async () => {
    const { user, browser } = await signedIn()
    await test.rows(sql`
      insert into user_consents (id, user_id, document, version, accepted_at)
      values (gen_random_uuid(), ${user.id}, 'terms', '1', now())`)
    const text = (await readAll(await start(browser))).join('')
    expect(text).not.toMatch(/"\d{4}-\d\d-\d\d \d/) // a date as PostgreSQL shows it
    expect(JSON.parse(text)).toMatchObject({
      schemaVersion: 1,
      exportedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d+Z$/),
      account: { id: user.id, email: user.email, hasPassword: true },
      factors: { authenticatorApp: null, backupCodesLeft: 0 },
      sessions: [{ userAgent: browser.userAgent }],
      consents: [{ document: 'terms', version: '1' }],
      areas: { passkeys: [] },
      host: { version: 1 },
      omitted: [],
    })
    expect(Object.keys(JSON.parse(text)).toSorted()).toEqual([
      'account',
      'activity',
      'areas',
      'browsers',
      'consents',
      'emailChanges',
      'exportedAt',
      'factors',
      'host',
      'omitted',
      'schemaVersion',
      'sessions',
    ])
  })

  it('has the changes of the address and the browsers that logged in, without what only machines have a use for', async () => {
    const { user, browser } = await signedIn()
    await test.rows(sql`
      insert into user_email_changes (id, user_id, old_email, old_email_canonical, new_email, new_email_canonical,
        suspect_since, requested_at, expires_at, confirmed_at)
      values (gen_random_uuid(), ${user.id}, 'Old@example.com', 'old@example.com', 'New@example.com', 'new@example.com',
        now(), '2026-01-02T03:04:05Z', now(), now())`)
    await test.rows(sql`
      insert into user_known_browsers (id, user_id, browser_hash, last_seen_at, created_at)
      values (gen_random_uuid(), ${user.id}, sha256(random()::text::bytea), now(), '2026-01-02T03:04:05Z')`)
    const { emailChanges, browsers } = JSON.parse((await readAll(await start(browser))).join(''))
    expect(emailChanges).toEqual([
      {
        from: 'Old@example.com',
        to: 'New@example.com',
        requestedAt: '2026-01-02T03:04:05.000Z',
        confirmedAt: expect.any(String),
        cancelledAt: null,
        undoneAt: null,
      },
    ])
    expect(browsers).toContainEqual({
      firstSeenAt: '2026-01-02T03:04:05.000Z',
      lastSeenAt: expect.any(String),
      trustedUntil: null,
    })
  })

  it('lists passkeys by name, without their keys', async () => {
    const { browser } = await createPasskeyUser(test)
    const { areas } = JSON.parse((await readAll(await start(browser))).join(''))
    expect(Object.keys(areas.passkeys[0]).toSorted()).toEqual([
      'addedAt',
      'backedUp',
      'id',
      'lastUsedAt',
      'nickname',
    ])
  })

  it('has nothing of anybody else, in any of its parts', async () => {
    const [{ user: other }, { user, browser }] = [await signedIn(), await signedIn()]
    await test.rows(sql`update user_sessions set user_agent = 'CANARY' where user_id = ${other.id}`)
    await test.rows(sql`
      insert into user_consents (id, user_id, document, version, accepted_at)
      values (gen_random_uuid(), ${other.id}, 'CANARY', '1', now())`)
    await test.rows(sql`
      insert into user_email_changes (id, user_id, old_email, old_email_canonical, new_email, new_email_canonical,
        suspect_since, requested_at, expires_at)
      values (gen_random_uuid(), ${other.id}, 'CANARY', 'c', 'CANARY', 'c', now(), now(), now())`)
    await test.rows(sql`
      insert into audit_events (id, occurred_at, action, outcome, actor_id, subject_id, user_agent)
      values (gen_random_uuid(), now(), 'auth.log_in', 'success', ${user.id}, ${other.id}, 'CANARY')`)
    const text = (await readAll(await start(browser))).join('')
    expect(text).not.toContain('CANARY')
    expect(text).not.toContain(other.email)
    expect(JSON.parse(text).browsers).toHaveLength(1)
  })

  it('is audited and told to the owner before its first byte', async () => {
    const { user, browser } = await signedIn()
    const pieces = await start(browser)
    expect((await readAudit(test, user.email)).map(({ action }) => action)).toContain('account.exported')
    expect(await readQueue(test)).toContainEqual(
      expect.objectContaining({ kind: 'dataExported', address: user.canonical }),
    )
    await pieces.stop()
  })

  it('holds no secret, whatever column it is in', async () => {
    const { user, browser } = await createPasskeyUser(test)
    const columns = await test.rows<{ table: string; column: string; isBinary: boolean }>(sql`
      select table_name as table, column_name as column, data_type = 'bytea' as "isBinary"
      from information_schema.columns
      where table_schema = 'public' and table_name ~ '^users?($|_)' and data_type in ('text', 'bytea')
        and table_name in (select table_name from information_schema.columns where column_name = 'user_id'
          union select 'users')`)
    const secrets = new Set<string>()
    for (const { table, column, isBinary } of columns) {
      const owner = table === 'users' ? sql`id` : sql`user_id`
      const value = identifier(column)
      const rows = await test.rows<{ value: string | null }>(sql`
        select ${isBinary ? sql`encode(${value}, 'hex')` : value} as value from ${identifier(table)}
        where ${owner} = ${user.id}`)
      for (const row of rows) if (row.value !== null && row.value.length >= 12) secrets.add(row.value)
    }
    expect(secrets.size).toBeGreaterThan(4)
    const text = (await readAll(await start(browser))).join('')
    for (const secret of secrets) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret, 'hex').toString('base64url').slice(0, 32) || secret)
    }
  })

  it('needs a fresh sudo', async () => {
    const { browser } = await signedIn()
    const session = browser.session && { ...browser.session, hasSudo: false }
    await expect(exportUserData(test.runtime, createTestCaller({ ...browser, session }))).rejects.toThrow(
      SudoRequired,
    )
  })

  it('is handed out three times a day', async () => {
    const { browser } = await signedIn()
    for (let count = 0; count < 3; count++) await (await start(browser)).stop()
    expect(await exportUserData(test.runtime, browser)).toMatchObject({ ok: false, reason: 'limited' })
  })

  it('waits for nobody: a third one at a time is refused, uncharged, and an aborted one gives its place back', async () => {
    const [one, two, three] = [await signedIn(), await signedIn(), await signedIn()]
    const [first, second] = [await start(one.browser), await start(two.browser)]
    expect(await exportUserData(test.runtime, three.browser)).toMatchObject({ ok: false, reason: 'busy' })
    await first.next()
    await first.stop()
    const third = await start(three.browser)
    await Promise.all([readAll(second), readAll(third)])
    expect(await first.next()).toBeNull()
  })

  it('ends when its time is over, and gives its place back', async () => {
    const { policy } = test.runtime
    const runtime = { ...test.runtime, policy: { ...policy, export: { ...policy.export, minutes: 0 } } }
    const { browser } = await signedIn()
    await expect((await start(browser, runtime)).next()).rejects.toThrow(ExportTooSlow)
    await readAll(await start(browser))
  })

  it('reads a batch when it is asked for the next piece, and holds no transaction meanwhile', async () => {
    const { user, browser } = await signedIn()
    await addActivity(user.id, 2_000)
    const pieces = await start(browser)
    await pieces.next()
    const open = await test.rows(sql`
      select from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`)
    expect(open).toEqual([])
    const queries = await recordQueries(test.orm, async (soFar) => {
      for (let piece = await pieces.next(); piece?.includes('auth.log_in') !== true;)
        piece = await pieces.next()
      expect(soFar.filter((text) => text.includes('audit_events'))).toHaveLength(1)
      await pieces.stop()
    })
    expect(queries.filter((text) => text.includes('audit_events'))).toHaveLength(1)
  })

  it('has every row once, and none that was written since it began', async () => {
    const { user, browser } = await signedIn()
    await addActivity(user.id, 1_234)
    const pieces = await start(browser)
    const first = await pieces.next()
    await test.rows(sql`
      insert into audit_events (id, occurred_at, action, outcome, subject_id)
      values (gen_random_uuid(), clock_timestamp() + interval '1 second', 'auth.log_out', 'success', ${user.id})`)
    const { activity } = JSON.parse([first, ...(await readAll(pieces))].join(''))
    const actions = activity.map(({ action }: { action: string }) => action)
    expect(actions.filter((action: string) => action === 'auth.log_in').length).toBeGreaterThanOrEqual(1_234)
    expect(actions).not.toContain('auth.log_out')
    expect(new Set(activity.map(({ at }: { at: string }) => at)).size).toBeGreaterThanOrEqual(1_234)
  })

  it('holds as much in memory for 50,000 rows as for 1,000: one batch', async () => {
    const longest = []
    for (const count of [1_000, 50_000]) {
      const { user, browser } = await signedIn()
      await addActivity(user.id, count)
      const pieces = await start(browser)
      let most = 0
      for (let piece = await pieces.next(); piece !== null; piece = await pieces.next())
        most = Math.max(most, piece.length)
      longest.push(most)
    }
    expect(longest[1]).toBeLessThan(1.1 * (longest[0] ?? 0))
  })
})
