import { expect } from 'vitest'
import { sql } from '../../database/sql.ts'
import { resolveSession } from '../../sessions/resolve-session.ts'
import type { ResolvedSession } from '../../sessions/session.ts'
import {
  type Account,
  arrive,
  type Browser,
  isChallenged,
  isGone,
  lacksConsent,
  levelOf,
  nowOf,
  sessionHash,
  type World,
} from './world.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const GRACE = 2000
const PENDING_MINUTES = {
  'second-factor': 5,
  enrolment: 30,
  'password-change': 30,
  reactivation: 30,
  consent: 30,
} as const

interface AccountRow {
  confirmed: boolean
  hashedPassword: string | null
  apps: number
  codes: number
  passkeys: number
  isToBeDeleted: boolean
}

interface SessionRow {
  tokenHash: Buffer
  isLogged: boolean
}

/** What holds after every step, whatever it was. */
export async function checkWorld(world: World): Promise<void> {
  for (const browser of world.browsers) await checkBrowser(world, browser)
  for (const { account, email } of world.people) {
    const [row] = await readAccount(world, email)
    if (account) await checkAccount(world, account, row)
    else expect(row, 'nobody is registered').toBeUndefined()
  }
}

/** The level of a session never exceeds what was proven; sudo is there only where it was given, by what was asked for. */
async function checkBrowser(world: World, browser: Browser): Promise<void> {
  const { caller } = browser
  if (caller.sessionToken !== browser.newestToken) {
    browser.formerToken = browser.newestToken
    browser.newestToken = caller.sessionToken
  }
  const former = browser.formerToken && (await resolveSession(world.test.runtime, browser.formerToken))
  expect(former, 'a former token').toBeNull()
  const { session } = await arrive(world, browser)
  if (session) checkSession(world, browser, session)
}

function checkSession(world: World, browser: Browser, session: ResolvedSession): void {
  const { evidence } = browser
  if (!evidence) throw new Error('a session nobody signed in to, or one that should have ended')
  const { account, proven, sudo } = evidence
  const age = nowOf(world) - evidence.openedAt
  expect(session.userId).toBe(account.id)
  expect(account.disabled, 'a session of somebody disabled').toBe(false)
  expect(isGone(world, account), 'a session of somebody who is gone').toBe(false)
  expect(new Set(session.amr)).toEqual(proven)
  expect(session.aal, 'the level is what was proven').toBe(levelOf(proven))
  expect(session.awaiting).toBe(evidence.awaiting)
  expect(age).toBeLessThanOrEqual(lifeOf(evidence) + GRACE)
  const mustConsent = session.awaiting === null && world.terms.required && lacksConsent(world, account)
  expect(session.mustConsent, 'a live session meets what is required').toBe(mustConsent)
  if (session.awaiting === null) checkFullSession(evidence, session)
  if (!session.hasSudo) return
  expect(session.awaiting, 'sudo of a pending sign-in').toBeNull()
  expect(session.sudoMethod).toBe(sudo?.method)
  expect(nowOf(world) - (sudo?.at ?? 0)).toBeLessThanOrEqual(10 * MINUTE + GRACE)
}

function checkFullSession(
  { account, isOlderThanStep, isTrusted }: NonNullable<Browser['evidence']>,
  session: ResolvedSession,
): void {
  expect(account.confirmed, 'a session before the address was proven').toBe(true)
  expect(account.deletion, 'a session where a deletion lies ahead').toBeNull()
  if (!isChallenged(account) || session.aal === 2 || isOlderThanStep) return
  expect(isTrusted, 'one factor, and no trusted browser').toBe(true)
}

function lifeOf({ awaiting, remembered }: NonNullable<Browser['evidence']>): number {
  if (awaiting !== null) return PENDING_MINUTES[awaiting] * MINUTE
  return remembered ? 60 * DAY : 7 * DAY
}

/** What the database says of an account is what was done to it: nothing unproven survives, nothing proven is lost. */
async function checkAccount(world: World, account: Account, row: AccountRow | undefined): Promise<void> {
  if (!row) throw new Error('an account is gone that nobody removed')
  const { app, backupCodes, passkeys, confirmed, password, deletion } = account
  expect({ ...row, hashedPassword: null }).toEqual({
    confirmed,
    hashedPassword: null,
    apps: app === null ? 0 : 1,
    codes: backupCodes.length,
    passkeys: passkeys.length,
    isToBeDeleted: deletion !== null,
  })
  if (password === null || row.hashedPassword === null) expect(row.hashedPassword).toBe(password)
  else {
    const { ok } = await world.test.runtime.hasher.verify(row.hashedPassword, password)
    expect(ok, 'the stored password is the one that was chosen last').toBe(true)
  }
  if (!confirmed) expect([row.apps, row.passkeys], 'attached before the first proof').toEqual([0, 0])
  await checkRows(world, account)
}

/**
 * Every session went through the door, and is in the hands of a browser of this world: also one that idled out, or of
 * somebody disabled, who may be enabled again.
 */
async function checkRows({ test, browsers }: World, { id }: Account): Promise<void> {
  const now = sql`(clock_timestamp() + ${test.runtime.clockOffset()} * interval '1 millisecond')`
  const rows = await test.rows<SessionRow>(sql`
    select s.token_hash as "tokenHash", exists (select from audit_events e
      where e.action = 'auth.log_in' and e.outcome = 'success' and e.target_id = s.id::text) as "isLogged"
    from user_sessions s
    where s.user_id = ${id} and s.expires_at > ${now}`)
  const held = new Set(browsers.map(({ caller }) => sessionHash(caller.sessionToken)))
  for (const { tokenHash, isLogged } of rows) {
    expect(isLogged, 'a session without a sign-in').toBe(true)
    expect(held.has(tokenHash.toString('hex')), 'a browser holds it').toBe(true)
  }
}

function readAccount({ test }: World, email: string): Promise<AccountRow[]> {
  return test.rows<AccountRow>(sql`
    select u.confirmed_at is not null as confirmed, u.hashed_password as "hashedPassword",
      (select count(*)::int from user_totp f where f.user_id = u.id and f.activated_at is not null) as apps,
      (select count(*)::int from user_backup_codes f where f.user_id = u.id and f.used_at is null) as codes,
      (select count(*)::int from user_passkeys f where f.user_id = u.id) as passkeys,
      u.delete_after is not null as "isToBeDeleted"
    from users u where u.email = ${email}`)
}
