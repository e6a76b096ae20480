import {
  type AuthenticationInput,
  type AuthenticationRefusal,
  type CounterRegressed,
  parseAuthenticationResponse,
  type PasskeyUse,
  type SpentChallenge,
  type StoredPasskey,
  verifyAuthentication,
} from '@sigra/core'
import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { databaseNow, statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import type { UserId } from '../user-id.ts'
import { requirePasskeys } from './require-passkeys.ts'

/** A passkey, as far as an answer to a challenge is concerned. */
export interface KnownPasskey {
  id: string
  userId: UserId
  nickname: string
}

/** Everything about the answer is right; whether it comes first only the transaction can say. */
export interface RightAnswer {
  ok: true
  passkey: KnownPasskey
  use: PasskeyUse
  spent: SpentChallenge
}

/** What is wrong with it, for the audit log. */
export interface WrongAnswer {
  ok: false
  reason: AuthenticationRefusal | 'challenge-used'
  /** Whose passkey it named, where it named one. */
  passkey: KnownPasskey | null
  /** With `counter-regressed` alone. */
  spent: SpentChallenge | null
}

interface PasskeyRow extends KnownPasskey {
  credentialId: Uint8Array
  publicKey: Uint8Array
  counter: number
  backupEligible: boolean
  userHandle: Uint8Array | null
}

/**
 * Checks what a browser sent after a passkey was used, with no connection held while the signature is verified. Nothing
 * is written here. An answer by an id that nobody has takes as long as one by an id that somebody has: one statement,
 * and one signature verified (`verifyAuthentication` says what that does not cover).
 *
 * @param userId Who must own the passkey; `null` for a sign-in, where the passkey says who it is.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function checkAnswer(
  runtime: Runtime,
  caller: Caller,
  purpose: AuthenticationInput['purpose'],
  userId: UserId | null,
  json: unknown,
): Promise<RightAnswer | WrongAnswer> {
  const { relyingParty } = requirePasskeys(runtime)
  const response = parseAuthenticationResponse(json)
  if (!response || caller.browserToken === null) return wrong('malformed', null)
  const { now, row } = await findPasskey(runtime, response.credentialId)
  const result = await verifyAuthentication({
    ring: runtime.ring,
    relyingParty,
    response,
    purpose,
    browserHash: hashBrowserToken(caller.browserToken),
    userId,
    passkey: row && readStored(row),
    now,
  })
  const passkey = row && { id: row.id, userId: row.userId, nickname: row.nickname }
  if (!result.ok) return wrong(result.reason, passkey, isRegressed(result) ? result.spent : null)
  return passkey
    ? { ok: true, passkey, use: result.use, spent: result.spent }
    : wrong('unknown-passkey', null)
}

/** One statement, with the clock the answer is judged by: a row even where no passkey has that id. */
async function findPasskey(
  runtime: Runtime,
  credentialId: Uint8Array,
): Promise<{ now: Date; row: PasskeyRow | null }> {
  const { user } = runtime.tables
  const { userPasskey } = requirePasskeys(runtime).tables
  const [found] = await statement<{ now: number; id: string | null } & Omit<PasskeyRow, 'id'>>(
    runtime,
    sql`
    select ${milliseconds(sql`t.now`)} as now, p.id::text as id, p.user_id::text as "userId", p.nickname,
      p.credential_id as "credentialId", p.public_key as "publicKey", p.counter::float8 as counter,
      p.backup_eligible as "backupEligible", u.webauthn_user_id as "userHandle"
    from (select ${databaseNow(runtime)} as now) t
      left join ${userPasskey.name} p on p.credential_id = ${credentialId}
      left join ${user.name} u on u.id = p.user_id`,
  )
  if (!found) return { now: new Date(0), row: null }
  const { now, id, ...rest } = found
  return { now: new Date(now), row: id === null ? null : { id, ...rest } }
}

function readStored({ userHandle, ...row }: PasskeyRow): StoredPasskey {
  return { ...row, userHandle: userHandle ?? new Uint8Array() }
}

function isRegressed(result: { reason: AuthenticationRefusal }): result is CounterRegressed {
  return result.reason === 'counter-regressed'
}

function wrong(
  reason: WrongAnswer['reason'],
  passkey: KnownPasskey | null,
  spent: SpentChallenge | null = null,
): WrongAnswer {
  return { ok: false, reason, passkey, spent }
}
