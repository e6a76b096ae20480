import { Impossible, sanitizeText, type SessionTokenHash } from '@sigra/core'
import type { NewSessionColumn } from '../areas/session-part.ts'
import type { Caller } from '../caller.ts'
import { identifier, join, sql, type Sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import { isOfBrowser } from '../sessions/browser-session.ts'
import { credentialFingerprint } from './credential-fingerprint.ts'
import { factorsOf, isChallenged } from './factors.ts'
import { nextRule, nextStep } from './next-step.ts'
import type { Proof } from './proof.ts'
import type { Runtime } from '../runtime.ts'
import { type Awaiting, stepsOf } from '../sessions/sign-in-steps.ts'
import { isJustRotated, type ShownTrust, shownTrusts } from './reused-trust.ts'

export interface NewSession {
  proof: Proof
  tokenHash: SessionTokenHash
  browserHash: Uint8Array | null
  remembered: boolean
  trust: {
    /** Values this browser may be trusted by; none where trust does not count. */
    shown: readonly ShownTrust[]
    /** What begins a new trust, where the person asked for one. */
    fresh: { hash: Uint8Array; familyHash: Uint8Array }
    /** The person asked to trust this browser. */
    isAsked: boolean
  }
}

export interface InsertedSession {
  id: string
  awaiting: Awaiting | null
  /** Of the cookie; `null`: as long as the browser's window is open. */
  maxAgeSeconds: number | null
  /** A browser the account has never used, where it has used others. */
  isNewBrowser: boolean
  /** Sessions that ended because there were too many. */
  capped: number
  /** The rule that asks for the step awaited. */
  rule: string | null
  /** Who wants two factors of this user; `null`: nobody. */
  requiredBy: string | null
  /** The trust that stood in for the second factor, by the hash of the value that was shown. */
  trustedBy: Uint8Array | null
  /** The browser is trusted from now on, by what is to follow that value, or by a fresh one. */
  isTrusted: boolean
  /** What the values of the trust have in common that this browser had until now, as a hash. */
  formerFamily: Uint8Array | null
}

interface SessionRow extends Omit<InsertedSession, 'maxAgeSeconds' | 'trustedBy' | 'formerFamily'> {
  trustedBy: Buffer | null
  formerFamily: Buffer | null
}

/**
 * Decides what is still missing, writes the session and ends this browser's former one, whatever became of that, in one
 * statement over the state that statement sees: lock the user first. A full session makes the browser a known one. Only
 * the door imports this.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` for a user that was not locked before.
 */
export async function insertSession(
  tx: Transaction,
  caller: Caller,
  session: NewSession,
): Promise<InsertedSession> {
  const [row] = await tx.rows<SessionRow>(sessionQuery(tx, caller, session))
  if (!row) throw new Impossible('The door opens for a user that was locked')
  const { policy } = tx.runtime
  const isPersistent = session.remembered && row.awaiting === null
  return {
    ...row,
    trustedBy: row.trustedBy === null ? null : new Uint8Array(row.trustedBy),
    formerFamily: row.formerFamily === null ? null : new Uint8Array(row.formerFamily),
    maxAgeSeconds: isPersistent ? policy.session.rememberedAbsoluteDays * 86_400 : null,
  }
}

function sessionQuery(tx: Transaction, caller: Caller, session: NewSession): Sql {
  const { userSession, userKnownBrowser } = tx.tables
  const { proof, remembered, browserHash, trust } = session
  const { policy } = tx.runtime
  const sudo = sudoMethod(proof, tx.runtime)
  const filled = tx.runtime.areas.flatMap(({ newSession }) => newSession ?? [])
  const provenAt = sql`coalesce(${proof.provenAt}::timestamptz, t.now)`
  return sql`
    with t as materialized (select ${tx.now} as now),
    u as materialized (${factorsOf(tx.runtime, proof.userId)}),
    here as materialized (
      select k.* from ${userKnownBrowser.name} k join u on k.user_id = u.id where k.browser_hash = ${browserHash}
    ), trusted as materialized (
      select s.hash = k.trust_hash as is_present, s.hash, s.next_hash
      from here k join ${shownTrusts(trust.shown)} s on s.family_hash = k.trust_family_hash cross join u cross join t
      where (s.hash = k.trust_hash or (s.hash = k.former_trust_hash and ${isJustRotated(browserHash, sql`t.now`)}))
        and k.trusted_until > t.now and k.credential_fingerprint = ${credentialFingerprint(tx.runtime)}
      order by 1 desc limit 1
    ), decided as materialized (
      select u.id, ${isChallenged} as challenged, ${nextStep(tx.runtime, proof)} as awaiting, ${nextRule(tx.runtime, proof)} as rule, u.obliged_by,
        u.registration_browser_hash
      from (select u.*, exists (select from trusted) as is_trusted from u) u
    ), former as (delete from ${userSession.name} f where ${isOfBrowser(caller, 'f')}),
    used as (
      update ${tx.tables.user.name} x set first_signed_in_at = t.now from decided d, t
      where x.id = d.id and x.first_signed_in_at is null
    ),
    capped as (${endTooMany(tx, caller)}),
    known as (${rememberBrowser(tx, session)})
    insert into ${userSession.name} (id, user_id, token_hash, awaiting, aal, amr, authenticated_at, sudo_at, sudo_method, remembered,
      last_seen_at, expires_at, ip, user_agent, browser_id, created_at ${columnsOf(filled)})
    select ${newId(tx, userSession)}, d.id, ${session.tokenHash}, d.awaiting, ${proof.aal}, ${proof.amr}, ${provenAt},
      case when ${sudo} is not null then ${provenAt} end, ${sudo}, ${remembered}, t.now,
      t.now + ${lifeSeconds(tx.runtime, remembered)} * interval '1 second',
      ${caller.clientAddress === null ? null : sanitizeText(caller.clientAddress, 64)},
      ${caller.userAgent === null ? null : sanitizeText(caller.userAgent, policy.audit.maxUserAgentLength)},
      ${browserHash}, t.now ${valuesOf(filled, sql`d.id`, caller.landing ?? null)}
    from decided d, t
    returning id::text as id, awaiting, (select count(*)::int from capped) as capped,
      (select rule from decided) as rule, (select obliged_by from decided) as "requiredBy",
      (select hash from trusted) as "trustedBy", (select trust_family_hash from here) as "formerFamily",
      coalesce((select is_trusted from known), false) as "isTrusted",
      coalesce((select is_new from known), false) as "isNewBrowser"`
}

/**
 * A sign-in with what sudo would ask for is a sudo: the second factor where one is on, else the password, or either by what
 * an area says is one. A backup code stands in for a lost factor: it may put another in its place, and nothing else. Two factors
 * that another party saw are none of ours: whoever has its session would have sudo.
 */
function sudoMethod(proof: Proof, { areas }: Pick<Runtime, 'areas'>): Sql {
  const ofAreas = areas.flatMap(({ declaration }) => Object.entries(declaration.sudoMethods ?? {}))
  const [ofArea = null] = ofAreas.find(([, proven]) => proof.amr.includes(proven)) ?? []
  const single = ofArea ?? (proof.amr.includes('pwd') ? 'password' : null)
  const isOwnFactor = proof.amr.some((method) => method === 'otp' || method === 'pop')
  const recovery = proof.amr.includes('backup') ? 'recovery' : null
  const double = proof.aal === 2 ? (ofArea ?? (isOwnFactor ? 'second-factor' : recovery)) : null
  return sql`case when d.awaiting is not null then null when d.challenged then ${double}::text else ${single}::text end`
}

function columnsOf(filled: readonly NewSessionColumn[]): Sql {
  return join(
    filled.map(({ column }) => sql`, ${identifier(column)}`),
    sql``,
  )
}

function valuesOf(filled: readonly NewSessionColumn[], userId: Sql, landing: string | null): Sql {
  return join(
    filled.map(({ value }) => sql`, ${value(userId, landing)}`),
    sql``,
  )
}

/** Makes room for one more. Pending sign-ins are counted apart: they must not push somebody's sessions out. */
function endTooMany(tx: Transaction, caller: Caller): Sql {
  const { userSession } = tx.tables
  const { maxPerUser, maxPendingPerUser } = tx.runtime.policy.session
  return sql`
    delete from ${userSession.name} where id in (
      select s.id from (
        select x.id, row_number() over (order by x.last_seen_at desc, x.id desc) as place, d.awaiting
        from ${userSession.name} x join decided d on x.user_id = d.id
        where ${isOfBrowser(caller, 'x')} is not true and (x.awaiting is null) = (d.awaiting is null)
      ) s where s.place >= case when s.awaiting is null then ${maxPerUser}::int else ${maxPendingPerUser}::int end)
    returning 1`
}

/** New is a browser that signs in first, unless it is the one that registered or the very first of all. */
function rememberBrowser(tx: Transaction, { browserHash, trust }: NewSession): Sql {
  const { userKnownBrowser } = tx.tables
  const { days } = tx.runtime.policy.trustedBrowser
  const isAsked = sql`${trust.isAsked}::boolean`
  const isTrusted = sql`(${isAsked} or exists (select from trusted))`
  // A value shown for the second time counts, and stays the former one: what took its place may have got lost.
  const isReplaced = sql`exists (select from trusted where is_present)`
  const fingerprint = sql`(select ${credentialFingerprint(tx.runtime)} from u)`
  return sql`
    insert into ${userKnownBrowser.name} as k
      (id, user_id, browser_hash, last_seen_at, created_at, trusted_until, trust_hash, trust_family_hash,
        credential_fingerprint)
    select ${newId(tx, userKnownBrowser)}, d.id, ${browserHash}, t.now, t.now,
      case when ${isTrusted} then t.now + ${days} * interval '1 day' end,
      case when ${isAsked} then ${trust.fresh.hash}::bytea else (select next_hash from trusted) end,
      case when ${isAsked} then ${trust.fresh.familyHash}::bytea end,
      case when ${isTrusted} then ${fingerprint} end
    from decided d, t where d.awaiting is null and ${browserHash}::bytea is not null
    on conflict (user_id, browser_hash) do update set
      last_seen_at = excluded.last_seen_at, failed_password_count = 0,
      trusted_until = case when ${isAsked} then excluded.trusted_until else k.trusted_until end,
      trust_hash = coalesce(excluded.trust_hash, k.trust_hash),
      trust_family_hash = coalesce(excluded.trust_family_hash, k.trust_family_hash),
      former_trust_hash = case when ${isAsked} then null when ${isReplaced} then k.trust_hash else k.former_trust_hash end,
      trust_rotated_at = case when ${isAsked} then null when ${isReplaced} then excluded.last_seen_at
        else k.trust_rotated_at end,
      credential_fingerprint = coalesce(excluded.credential_fingerprint, k.credential_fingerprint)
    returning ${isTrusted} as is_trusted,
      xmax = 0 and (exists (select from ${userKnownBrowser.name} o join decided d on o.user_id = d.id)
        or (select d.registration_browser_hash <> ${browserHash} from decided d)) as is_new`
}

/** Of a row of `decided`, named `d`. */
function lifeSeconds({ policy, areas }: Pick<Runtime, 'policy' | 'areas'>, remembered: boolean): Sql {
  const { rememberedAbsoluteDays, absoluteDays } = policy.session
  const waits = stepsOf({ areas }).map(
    ({ name, minutes }) => sql`when ${name}::text then ${minutes(policy) * 60}::int`,
  )
  return sql`case d.awaiting ${join(waits, sql` `)}
    else ${(remembered ? rememberedAbsoluteDays : absoluteDays) * 86_400}::int end`
}
