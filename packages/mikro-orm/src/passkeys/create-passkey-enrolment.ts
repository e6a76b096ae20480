import { createEnrolmentOptions, createUserHandle, type EnrolmentOptions, Impossible } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { statement, type Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import type { UserId } from '../user-id.ts'
import { chargeCeremony } from './charge-ceremony.ts'
import { issueChallenge } from './issue-challenge.ts'
import { requirePasskeys } from './require-passkeys.ts'

export type EnrolmentStart =
  | { ok: true; options: EnrolmentOptions }
  /** Nothing is attached to an address before it was proven. */
  | { ok: false; reason: 'unconfirmed' }
  | TooManyPasskeys
  | Limited

/** As many as `maxPerUser` of the policy are there already. */
export interface TooManyPasskeys {
  ok: false
  reason: 'too-many'
  maxPasskeys: number
}

interface Owner {
  email: string
  handle: Uint8Array
}

interface OwnPasskey {
  credentialId: Uint8Array
  transports: string[]
}

/**
 * What a browser needs to make a passkey for the signed-in user. The first time it gives the account its user handle.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const createPasskeyEnrolment = defineFlow(
  {
    name: 'createPasskeyEnrolment',
    principal: 'enrolment',
    changes: true,
    sudo: 'add-passkey',
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime, caller: SudoCaller): Promise<EnrolmentStart> => {
    const { relyingParty, policy } = requirePasskeys(runtime)
    const { session } = caller
    const { userId } = session
    const limited = await chargeCeremony(runtime, caller) // it may write the account's handle
    if (limited) return limited
    const exclude = await findOwnPasskeys(runtime, userId)
    if (exclude.length >= policy.maxPerUser) return tooManyPasskeys(runtime)
    const owner = await inSessionTransaction(runtime, session, giveHandle)
    if (!owner) return { ok: false, reason: 'unconfirmed' }
    const { challenge, lifeSeconds } = await issueChallenge(runtime, caller, 'enrol', userId)
    const options = await createEnrolmentOptions({
      relyingParty,
      challenge,
      lifeSeconds,
      userHandle: owner.handle,
      userName: owner.email,
      exclude,
    })
    return { ok: true, options }
  },
)

export function tooManyPasskeys(runtime: Runtime): TooManyPasskeys {
  return { ok: false, reason: 'too-many', maxPasskeys: requirePasskeys(runtime).policy.maxPerUser }
}

function findOwnPasskeys(runtime: Runtime, userId: UserId): Promise<OwnPasskey[]> {
  const { userPasskey } = requirePasskeys(runtime).tables
  return statement(
    runtime,
    sql`select credential_id as "credentialId", transports from ${userPasskey.name} where user_id = ${userId}`,
  )
}

/** Made once: a second handle would make another account of the first passkeys. */
async function giveHandle(tx: Transaction, { userId }: ContinuedSession): Promise<Owner | null> {
  const [row] = await tx.rows<{ email: string; handle: Uint8Array | null }>(
    sql`
    update ${tx.tables.user.name} set webauthn_user_id = coalesce(webauthn_user_id, ${createUserHandle()})
    where id = ${userId} and confirmed_at is not null
    returning email, webauthn_user_id as handle`,
  )
  if (!row) return null
  if (row.handle === null) throw new Impossible('coalesce of two values one of which is not null is null')
  return { email: row.email, handle: row.handle }
}
