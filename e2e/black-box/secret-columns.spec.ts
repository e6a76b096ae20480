import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { totpCode } from '@sigra/dev/testing'
import { logIn } from '../support/account.ts'
import { query } from '../support/database.ts'
import { Client, type Answer } from '../support/http.ts'
import { mailsTo, waitForMail } from '../support/mails.ts'
import { inBatches, manifestRoutes, spellings } from '../support/route-manifest.ts'
import { expect, test } from '../support/test.ts'
import { createWithApp } from '../support/visitors.ts'

const build = join(import.meta.dirname, '../../playground/build')

/** Columns whose values are in no answer, mail, job, audit row or log. */
const secret: Record<string, readonly string[]> = {
  users: ['hashed_password', 'registration_browser_hash', 'webauthn_user_id'],
  users_tokens: ['token_hash', 'browser_hash', 'used_browser_hash'],
  user_sessions: ['token_hash', 'browser_id'],
  user_known_browsers: [
    'browser_hash',
    'trust_hash',
    'trust_family_hash',
    'former_trust_hash',
    'credential_fingerprint',
  ],
  user_totp: ['sealed_secret', 'pending_secret'],
  user_backup_codes: ['lookup_prefix', 'code_hash'],
  user_address_holds: ['digest'],
  user_passkeys: ['public_key'],
  webauthn_spent_challenges: ['challenge_hash'],
  organizations: ['transfer_hash'],
  organization_invitations: ['token_hash'],
  sigra_limits: ['key'],
  audit_events: ['personal_hash'],
}

/** Columns that some page, mail or log may show. */
const plain: Record<string, readonly string[]> = {
  users: ['email', 'email_canonical', 'deletion_requested_by'],
  users_tokens: ['purpose', 'key_id', 'selector', 'sent_to', 'redirect_to', 'used_form', 'session_id'],
  user_sessions: ['awaiting', 'amr', 'sudo_method', 'ip', 'user_agent', 'active_organization_id'],
  user_email_changes: ['old_email', 'old_email_canonical', 'new_email', 'new_email_canonical'],
  user_address_holds: ['key_id', 'reason'],
  user_consents: ['document', 'version'],
  // Its owner's page names a removed passkey to the browser, and asks for none that is there already.
  user_passkeys: ['credential_id', 'transports', 'nickname'],
  organizations: ['name', 'slug', 'allowed_methods', 'transferred_by', 'transferred_to'],
  organization_slugs: ['slug'],
  organization_memberships: ['role', 'role_before'],
  organization_invitations: ['email', 'email_canonical', 'key_id', 'role', 'selector'],
  // The challenge stands in the domain's own DNS, for everybody to read.
  organization_domains: ['challenge', 'domain', 'mode', 'role'],
  audit_events: [
    'action',
    'outcome',
    'actor_id',
    'actor_kind',
    'effective_id',
    'credential_kind',
    'credential_id',
    'subject_id',
    'target_type',
    'target_id',
    'organization_id',
    'note',
    'ip',
    'user_agent',
    'request_id',
    'metadata',
  ],
  projects: ['name'],
  sigra_workers: ['pool_id', 'areas'],
  mikro_orm_migrations: ['name'],
}

/** Shorter ones would be found by chance. */
const SHORTEST = 12

test('INJ-03 every column that holds text or bytes is known to be secret or plain', async () => {
  const columns = await query(`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type in ('bytea', 'text', 'character varying', 'jsonb', 'ARRAY', 'inet')`)
  const known = [secret, plain].flatMap((tables) =>
    Object.entries(tables).flatMap(([table, names]) => names.map((name) => `${table}.${name}`)),
  )
  expect(columns.map(({ name }) => String(name)).toSorted()).toEqual(known.toSorted())
})

test('INJ-03 INJ-12 what the secret columns and cookies of somebody hold is in no answer, mail, job, audit row or log', async () => {
  test.slow()
  const { email, client, answers, cookies } = await liveWithEverything()
  const pages = manifestRoutes().filter(({ id }) => !id.endsWith('log-out'))
  await inBatches(pages.flatMap(spellings), async (path) => void answers.push(await client.get(path)))

  const held = [...(await readSecrets(email)), ...cookies]
  expect(held.length).toBeGreaterThan(20)
  const shown = answers.map(({ body, headers }) => body + JSON.stringify({ ...headers, 'set-cookie': [] }))
  const [stored] = await query(
    `select (select coalesce(json_agg(j)::text, '') from graphile_worker._private_jobs j)
      || (select json_agg(a)::text from audit_events a) as text`,
  )
  const places: Record<string, string> = {
    'an answer': shown.join('\n'),
    'a mail': (await mailsTo(email)).map(({ raw, text }) => raw + text).join('\n'),
    'a job or an audit row': String(stored?.['text']),
    'a log': await readFile(process.env['E2E_LOG_FILE'] ?? '', 'utf8'),
  }
  expect(places['a mail'], 'what is there is found').toContain(email)
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(0)
    expect(
      held.flatMap(spell).filter((value) => text.includes(value)),
      place,
    ).toEqual([])
  }
})

test('INJ-03 CFG-02 what the server knows is in neither bundle, log nor page, and the browser’s has no words for it', async () => {
  const secrets: string[] = JSON.parse(process.env['E2E_SECRETS'] ?? '[]')
  expect(secrets).toHaveLength(3)
  const log = await readFile(process.env['E2E_LOG_FILE'] ?? '', 'utf8')
  const home = (await new Client().get('/')).body
  for (const value of secrets) {
    expect(log.includes(value), 'in the log').toBe(false)
    expect(home.includes(value), 'in a page').toBe(false)
    expect(spawnSync('grep', ['-rlF', value, build], { encoding: 'utf8' }).stdout).toBe('')
  }
  const words = Object.values(secret)
    .flat()
    .filter((name) => name.includes('_'))
  const pattern = [...words, 'mikro-orm', 'argon2', 'graphile', 'SIGRA_SECRETS'].join('|')
  const found = spawnSync('grep', ['-rlE', pattern, join(build, 'client')], { encoding: 'utf8' })
  expect(found.stdout).toBe('')
})

/** Somebody with a password, an app, codes, a trusted browser, a passkey, and a mail of each kind, who types wrong things. */
async function liveWithEverything(): Promise<{
  email: string
  client: Client
  answers: Answer[]
  cookies: string[]
}> {
  const { email, key } = await createWithApp()
  const client = new Client()
  const answers: Answer[] = []
  const keep = async (answer: Promise<Answer>) => void answers.push(await answer)
  const cookies: string[] = []
  await keep(logIn(client, email))
  cookies.push(client.cookie('sid') ?? '')
  await keep(client.post('/users/mfa', { backupCode: 'zzzz-zzzz-zzzz-zzzz' }))
  await keep(client.post('/users/mfa', { code: totpCode(key, { steps: 1 }), trustBrowser: 'on' }))
  for (const name of ['sid', 'trusted', 'browser']) cookies.push(client.cookie(name) ?? '')
  await plantPasskey(email)
  await keep(new Client().post('/users/log-in', { intent: 'magic-link', email }))
  await keep(client.post('/users/reset-password', { email }))
  for (const subject of [/log in to/i, /reset|new password/i, /two-step/i]) await waitForMail(email, subject)
  await keep(client.get(new URL((await waitForMail(email, /log in to/i)).link).pathname))
  const f = new URL(answers.at(-1)?.location ?? '', 'http://x').searchParams.get('f')
  cookies.push(client.cookie(`flow-${f}`) ?? '')
  await keep(
    client.post('/users/settings/password', { intent: 'change-password', currentPassword: cookies[0] ?? '' }),
  )
  await keep(client.post('/users/settings/mfa', { intent: 'enroll' }))
  if (cookies.some((value) => value.length < SHORTEST)) throw new Error('a cookie is missing')
  return { email, client, answers, cookies }
}

async function plantPasskey(email: string): Promise<void> {
  await query(
    `insert into user_passkeys (id, user_id, credential_id, public_key, counter, aaguid, transports, backup_eligible,
       backed_up, nickname, created_at)
     select gen_random_uuid(), id, $2, $3, 0, gen_random_uuid(), '{internal}', true, true, 'Blue phone', now()
     from users where email = $1`,
    [email, randomBytes(32), randomBytes(77)],
  )
}

/** The values of the secret columns, of this person where a row is somebody's. */
async function readSecrets(email: string): Promise<(string | Buffer)[]> {
  const owned = Object.entries(secret).filter(([table]) => table.startsWith('user'))
  const rows = await Promise.all(
    owned.map(([table, names]) => {
      const owner = table === 'users' ? 'x.id' : 'x.user_id'
      const columns = names.map((name) => `x.${name}`).join(', ')
      return query(`select ${columns} from ${table} x join users u on u.id = ${owner} where u.email = $1`, [
        email,
      ])
    }),
  )
  return rows
    .flat()
    .flatMap((row) => Object.values(row))
    .filter((value): value is string | Buffer => typeof value === 'string' || Buffer.isBuffer(value))
    .filter(({ length }) => length >= SHORTEST)
}

/** As it could be written somewhere. */
function spell(value: string | Buffer): string[] {
  const bytes = Buffer.from(value)
  return [
    ...(typeof value === 'string' ? [value] : []),
    bytes.toString('hex'),
    bytes.toString('base64').replaceAll('=', ''),
    bytes.toString('base64url'),
  ]
}
