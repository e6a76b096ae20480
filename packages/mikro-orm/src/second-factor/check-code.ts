import { checkBackupCode, checkTotp } from '@sigra/core'
import { type Busy, orBusy } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import { hashPlaceOf } from '../sessions/hash-place.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import type { ReservedTry } from './reserve-try.ts'
import { openTotp, totpPlace } from './totp-secret.ts'
import type { TypedCode } from './typed-code.ts'

/** A code that is right as far as could be seen without using it up. */
export type RightCode =
  | { method: 'totp'; rowId: string; sealedSecret: string; step: number }
  | { method: 'backup-code'; codeHash: string }

/** `none`: the account has no such factor. `unreadable`: its seed was sealed for another row, or with a lost key. */
export type WrongCode = 'wrong' | 'already-used' | 'malformed' | 'none' | 'unreadable'

export type Verdict = { ok: true; right: RightCode } | { ok: false; reason: WrongCode }

/** Compares a code of the app with the seed that the reservation read. */
export function checkTotpCode(runtime: Runtime, { totp, now }: ReservedTry, code: unknown): Verdict {
  if (totp === null) return { ok: false, reason: 'none' }
  const { rowId, sealedSecret, lastStep } = totp
  const secret = openTotp(runtime, sealedSecret, totpPlace(rowId))
  if (secret === null) return { ok: false, reason: 'unreadable' }
  const windowSteps = runtime.policy.totp.windowSteps === 0 ? 0 : 1
  const checked = checkTotp(secret, code, now, lastStep, { windowSteps })
  return checked.ok
    ? { ok: true, right: { method: 'totp', rowId, sealedSecret, step: checked.step } }
    : checked
}

/**
 * Compares a backup code, with no connection held: exactly one argon2id call, whether or not one begins like it.
 */
export async function checkBackup(
  runtime: Runtime,
  session: ResolvedSession,
  { codeHash }: ReservedTry,
  code: Extract<TypedCode, { method: 'backup-code' }>['code'],
): Promise<Verdict | Busy> {
  if (code === null) return { ok: false, reason: 'malformed' }
  const checked = await orBusy(checkBackupCode(runtime.hasher, code, codeHash, hashPlaceOf(session)))
  if (typeof checked !== 'boolean') return checked
  return checked && codeHash !== null
    ? { ok: true, right: { method: 'backup-code', codeHash } }
    : { ok: false, reason: 'wrong' }
}
