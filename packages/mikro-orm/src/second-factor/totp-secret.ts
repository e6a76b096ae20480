import { open, seal } from '@sigra/core'
import type { Runtime } from '../runtime.ts'
import type { ResolvedSession } from '../sessions/session.ts'

/** Which of an app's keys seals the seeds of authenticator apps. */
export const TOTP_PURPOSE = 'totp'

/**
 * What a seed that counts is bound to: copied to another row, or to another column, it opens nothing.
 *
 * @param rowId Of `user_totp`.
 */
export function totpPlace(rowId: string): string {
  return JSON.stringify(['user_totp', 'sealed_secret', rowId])
}

/**
 * A seed that waits for its first code is bound to the session that asked for it, too: whoever else got as far as the
 * enrolment page, by a stolen password for instance, must not see the seed that the owner is about to activate.
 */
export function enrolmentPlace(rowId: string, session: Pick<ResolvedSession, 'id'>): string {
  return JSON.stringify(['user_totp', 'enrolment', rowId, session.id])
}

export function sealTotp(runtime: Runtime, secret: Uint8Array, place: string): string {
  return seal(runtime.ring, TOTP_PURPOSE, secret, place)
}

/** @returns `null` for what was sealed for another place, or with a key that is gone. */
export function openTotp(runtime: Runtime, sealed: string, place: string): Uint8Array | null {
  return open(runtime.ring, TOTP_PURPOSE, sealed, place)
}
