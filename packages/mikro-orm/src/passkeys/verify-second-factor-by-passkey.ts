import { type AuthenticationOptions, createAuthenticationOptions } from '@sigra/core'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Proof } from '../door/proof.ts'
import { resumeSignIn } from '../door/resume-sign-in.ts'
import type { Limited, SessionEnded, SignInSuccess, TurnedAway } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { clearFailures } from '../second-factor/clear-failures.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import { chargeCeremony } from './charge-ceremony.ts'
import { checkAnswer, type RightAnswer } from './check-answer.ts'
import { issueChallenge } from './issue-challenge.ts'
import { type PasskeyRefused, refuseAnswer } from './refuse-answer.ts'
import { requirePasskeys } from './require-passkeys.ts'
import { describeUse, usePasskey } from './use-passkey.ts'

export interface PasskeySecondFactorInput {
  /** The JSON of `navigator.credentials.get()`. */
  response: unknown
  /** This browser skips the second factor from now on, never the first. @default false */
  trustBrowser?: boolean | undefined
}

export type PasskeySecondFactorResult = SignInSuccess | PasskeyRefused | TurnedAway | Limited

const ended: SessionEnded = { ok: false, reason: 'session-ended' }

/**
 * What a browser needs to ask for the second factor of a sign-in that waits for it. Its list of passkeys is empty too:
 * whoever knows the password need not learn which authenticators there are.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const createPasskeySecondFactor = defineFlow(
  {
    name: 'createPasskeySecondFactor',
    principal: 'pending',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
  ): Promise<{ ok: true; options: AuthenticationOptions } | SessionEnded> => {
    const { relyingParty } = requirePasskeys(runtime)
    if (caller.session?.awaiting !== 'second-factor') return ended
    const { challenge, lifeSeconds } = await issueChallenge(
      runtime,
      caller,
      'second-factor',
      caller.session.userId,
    )
    return { ok: true, options: await createAuthenticationOptions(relyingParty, challenge, { lifeSeconds }) }
  },
)

/**
 * The challenge, answered by a passkey of the same user. Without user verification it proves possession, which is the
 * second factor beside a password or a mailed link.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: nobody gets in.
 */
export const verifySecondFactorByPasskey = defineFlow(
  {
    name: 'verifySecondFactorByPasskey',
    principal: 'pending',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'passkey.authenticate',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: PasskeySecondFactorInput,
  ): Promise<PasskeySecondFactorResult> => {
    const { session } = caller
    if (session?.awaiting !== 'second-factor') return ended
    const limited = await chargeCeremony(runtime, caller)
    if (limited) return limited
    const answer = await checkAnswer(runtime, caller, 'second-factor', session.userId, input.response)
    const line = { action: 'mfa.failed', subjectId: session.userId, targetId: session.id } as const
    return inSessionTransaction<PasskeySecondFactorResult>(runtime, session, async (tx, own) => {
      if (!answer.ok) return refuseAnswer(tx, caller, answer, line)
      const factor = await usePasskey(tx, answer)
      if ('ok' in factor) return refuseAnswer(tx, caller, factor, line)
      return finish(tx, caller, own, answer, factor, input.trustBrowser === true)
    })
  },
)

async function finish(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession,
  { passkey }: RightAnswer,
  factor: Proof,
  trustBrowser: boolean,
): Promise<PasskeySecondFactorResult> {
  const about = { outcome: 'success', actorId: own.userId, subjectId: own.userId } as const
  const resumed = await resumeSignIn(tx, caller, own, factor, {
    method: 'passkey',
    trustBrowser,
    also: [{ ...about, action: 'mfa.verified', metadata: { method: 'passkey' } }, describeUse(passkey)],
  })
  if (resumed.ok) await clearFailures(tx, own.userId)
  return resumed
}
