import {
  type EnrolmentRefusal,
  findProviderName,
  type NewPasskey,
  parseEnrolmentResponse,
  type SpentChallenge,
  verifyEnrolment,
} from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { databaseNow, newId, statement, type Transaction } from '../database/transaction.ts'
import { factorsOf, isChallenged } from '../door/factors.ts'
import { provePasskey } from '../door/proof.ts'
import { resumeSignIn } from '../door/resume-sign-in.ts'
import { renewSession } from '../door/renew-session.ts'
import type { Limited, SignInSuccess, TurnedAway } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { isOvertaken } from '../second-factor/enrolment-session.ts'
import { notifyOwner } from '../second-factor/notify-owner.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { chargeCeremony } from './charge-ceremony.ts'
import { parseNickname } from './nickname.ts'
import { requirePasskeys } from './require-passkeys.ts'
import { spendChallenge } from './spend-challenge.ts'
import { type TooManyPasskeys, tooManyPasskeys } from './create-passkey-enrolment.ts'

export interface AddPasskeyInput {
  /** The JSON of `navigator.credentials.create()`. */
  response: unknown
  /** @default the name of its provider, else "Passkey"; so also for what cannot be a name */
  nickname?: unknown
}

export type AddPasskeyResult =
  | (SignInSuccess & { passkeyId: string; nickname: string })
  | { ok: false; reason: Exclude<AddPasskeyRefusal, 'too-many'> }
  | TooManyPasskeys
  | TurnedAway
  | Limited

/**
 * `already-registered`: somebody has this very passkey here, perhaps the same person. `expired`: the page waited too
 * long. `unconfirmed`: nothing is attached to an address before it was proven.
 */
export type AddPasskeyRefusal =
  'invalid-passkey' | 'expired' | 'already-registered' | 'too-many' | 'unconfirmed'

interface Ceremony {
  passkey: NewPasskey
  nickname: string
  spent: SpentChallenge
}

const DEFAULT_NICKNAME = 'Passkey'

/**
 * Adds a passkey to the signed-in user's account. Challenge, passkey and audit line are one transaction; the owner is
 * told. A session with sudo gets another token, other sessions go on, and no browser is trusted any more; a sign-in
 * that waits for a second factor goes through the door again, with what it has proven now.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const addUserPasskey = defineFlow(
  {
    name: 'addUserPasskey',
    principal: 'enrolment',
    changes: true,
    sudo: 'add-passkey',
    impersonation: 'refused',
    channel: 'passkey.register',
  },
  async (runtime: Runtime, caller: SudoCaller, input: AddPasskeyInput): Promise<AddPasskeyResult> => {
    const { session } = caller
    const limited = await chargeCeremony(runtime, caller)
    if (limited) return limited
    const checked = await checkNewPasskey(runtime, caller, session, input)
    if (!checked.ok) return refuse(runtime, caller, session, checked.reason)
    const added = await inSessionTransaction<AddPasskeyResult, AddPasskeyResult>(
      runtime,
      session,
      (tx, own, undo) => add(tx, caller, own, checked, undo),
    )
    return !added.ok && isRefusal(added.reason) ? refuse(runtime, caller, session, added.reason) : added
  },
)

async function checkNewPasskey(
  runtime: Runtime,
  caller: Caller,
  { userId }: ResolvedSession,
  { response: json, nickname }: AddPasskeyInput,
): Promise<({ ok: true } & Ceremony) | { ok: false; reason: EnrolmentRefusal }> {
  const { relyingParty } = requirePasskeys(runtime)
  const response = parseEnrolmentResponse(json)
  if (!response || caller.browserToken === null) return { ok: false, reason: 'malformed' }
  const [clock] = await statement<{ now: number }>(
    runtime,
    sql`select ${milliseconds(databaseNow(runtime))} as now`,
  )
  const result = await verifyEnrolment({
    ring: runtime.ring,
    relyingParty,
    response,
    browserHash: hashBrowserToken(caller.browserToken),
    userId,
    now: new Date(clock?.now ?? Number.NaN),
  })
  if (!result.ok) return result
  const { passkey, spent } = result
  const name = parseNickname(nickname) ?? findProviderName(passkey.aaguid) ?? DEFAULT_NICKNAME
  return { ok: true, passkey, spent, nickname: name }
}

async function add(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession,
  ceremony: Ceremony,
  undo: (result: AddPasskeyResult) => never,
): Promise<AddPasskeyResult> {
  const refusal = await findObstacle(tx, own)
  if (refusal) return undo(refusal)
  if (!(await spendChallenge(tx, ceremony.spent))) return undo({ ok: false, reason: 'invalid-passkey' })
  const passkeyId = await insertPasskey(tx, own, ceremony)
  if (passkeyId === null) return undo({ ok: false, reason: 'already-registered' })
  await recordAdded(tx, caller, own, passkeyId, ceremony)
  const opened = await goOn(tx, caller, own)
  return opened.ok ? { ...opened, passkeyId, nickname: ceremony.nickname } : opened
}

/** Read under the user's lock: what was true when the page was loaded may not be any more. */
async function findObstacle(
  tx: Transaction,
  session: ResolvedSession,
): Promise<Exclude<AddPasskeyResult, { ok: true }> | null> {
  const { tables, policy } = requirePasskeys(tx.runtime)
  const { userPasskey } = tables
  const [row] = await tx.rows<{ confirmed: boolean; challenged: boolean; count: number }>(sql`
    select u.confirmed_at is not null as confirmed, ${isChallenged} as challenged,
      (select count(*)::int from ${userPasskey.name} p where p.user_id = u.id) as count
    from (${factorsOf(tx.runtime, session.userId)}) u`)
  if (!row?.confirmed) return { ok: false, reason: 'unconfirmed' }
  if (isOvertaken(session, row.challenged)) return { ok: false, reason: 'session-ended' }
  return row.count < policy.maxPerUser ? null : tooManyPasskeys(tx.runtime)
}

async function insertPasskey(
  tx: Transaction,
  { userId }: ContinuedSession,
  { passkey, nickname }: Ceremony,
): Promise<string | null> {
  const { userPasskey } = requirePasskeys(tx.runtime).tables
  const [row] = await tx.rows<{ id: string }>(sql`
    insert into ${userPasskey.name} (id, user_id, credential_id, public_key, counter, aaguid, transports,
      backup_eligible, backed_up, nickname, created_at)
    values (${newId(tx, userPasskey)}, ${userId}, ${passkey.credentialId}, ${passkey.publicKey}, ${passkey.counter},
      ${passkey.aaguid}, ${passkey.transports}, ${passkey.backupEligible}, ${passkey.backedUp}, ${nickname}, ${tx.now})
    on conflict (credential_id) do nothing
    returning id::text as id`)
  return row?.id ?? null
}

async function recordAdded(
  tx: Transaction,
  caller: Caller,
  { userId }: ContinuedSession,
  targetId: string,
  { nickname }: Ceremony,
): Promise<void> {
  const eventId = await recordAuditEvent(tx, caller, {
    action: 'passkey.added',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    targetId,
    metadata: { nickname },
  })
  await notifyOwner(tx, userId, 'passkeyAdded', eventId)
}

/** A new passkey has just verified its user: for a sign-in that waits, that is the factor it waited for. */
async function goOn(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession,
): Promise<SignInSuccess | TurnedAway> {
  const { userId } = own
  if (own.awaiting === null) {
    await renewSession(tx, caller, own)
    return { ok: true, outcome: 'signed-in', userId }
  }
  const factor = provePasskey(userId, { userVerified: true })
  return resumeSignIn(tx, caller, own, factor, { method: 'enrolment', acceptTrust: false })
}

const refusals: readonly string[] = [
  'invalid-passkey',
  'already-registered',
  'too-many',
  'unconfirmed',
] satisfies AddPasskeyRefusal[]

function isRefusal(reason: string): reason is AddPasskeyRefusal {
  return refusals.includes(reason)
}

async function refuse(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  reason: EnrolmentRefusal | AddPasskeyRefusal,
): Promise<AddPasskeyResult> {
  await inSessionTransaction(runtime, session, (tx, { userId }) =>
    recordAuditEvent(tx, caller, {
      action: 'passkey.added',
      outcome: 'failure',
      actorId: userId,
      subjectId: userId,
      metadata: { reason },
    }),
  )
  if (reason === 'challenge-expired') return { ok: false, reason: 'expired' }
  if (reason === 'too-many') return tooManyPasskeys(runtime)
  return { ok: false, reason: isRefusal(reason) ? reason : 'invalid-passkey' }
}
