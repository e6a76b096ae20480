import type { AuditEntry } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { resumeSignIn } from '../door/resume-sign-in.ts'
import type { Busy, Limited, SignInSuccess } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { type Guess, withGuess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { countBackupCodes } from './backup-codes.ts'
import { chargeSecondFactor } from './charge-second-factor.ts'
import type { RightCode } from './check-code.ts'
import { readTypedCode } from './typed-code.ts'
import { applyCode } from './apply-code.ts'

export interface VerifyInput {
  /** Six digits of an authenticator app. */
  code?: unknown
  /** Looked at instead of `code` where it holds anything. */
  backupCode?: unknown
  /** This browser skips the second factor from now on, never the first. @default false */
  trustBrowser?: boolean | undefined
}

export type VerifyResult =
  | (SignInSuccess & { backupCodesLeft: number })
  | { ok: false; reason: 'wrong-code' | 'already-used' }
  /** The sign-in is over: log in again. */
  | { ok: false; reason: 'session-ended' }
  | { ok: false; reason: 'disabled' }
  /** No code of this account is looked at any more. */
  | { ok: false; reason: 'blocked' }
  | Limited
  | Busy

const ended = { ok: false, reason: 'session-ended' } as const

/**
 * The challenge: the second step of a sign-in that waits for it, by a code of the authenticator app or a backup code.
 * Using it up and the sign-in are one transaction.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: nobody gets in, and
 *   nothing was a wrong try.
 */
export const verifyUserSecondFactor = defineFlow(
  {
    name: 'verifyUserSecondFactor',
    principal: 'pending',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'mfa.challenge',
  },
  async (runtime: Runtime, caller: Caller, input: VerifyInput): Promise<VerifyResult> => {
    const { session } = caller
    if (session?.awaiting !== 'second-factor') return ended
    return withGuess(runtime, (guess) => verify(runtime, caller, session, guess, input))
  },
)

async function verify(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  guess: Guess,
  input: VerifyInput,
): Promise<VerifyResult> {
  const limited = await chargeSecondFactor(runtime, caller, session.userId, guess)
  if (limited) return limited
  const entry = { runtime, caller, session, guess }
  const used = await applyCode<VerifyResult>(entry, readTypedCode(input), async (tx, own, factor, method) => {
    const resumed = await resumeSignIn(tx, caller, own, factor, {
      method,
      trustBrowser: input.trustBrowser === true,
      also: [describeVerified(session, method)],
    })
    return resumed.ok ? { ...resumed, backupCodesLeft: await countBackupCodes(tx, own.userId) } : resumed
  })
  if (used.ok) return used.value
  if (!('hasEnded' in used)) return used
  return used.hasEnded ? ended : { ok: false, reason: used.reason }
}

function describeVerified({ userId }: ResolvedSession, method: RightCode['method']): AuditEntry {
  return {
    action: 'mfa.verified',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    metadata: { method },
  }
}
