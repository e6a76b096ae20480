import { type AuthenticationOptions, createAuthenticationOptions } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Proof } from '../door/proof.ts'
import { resumeSignIn } from '../door/resume-sign-in.ts'
import { renewSession } from '../door/renew-session.ts'
import type { Limited, SessionEnded, SignInSuccess, TurnedAway } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { type Guess, withGuess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { chargeSudo } from '../sudo/charge-sudo.ts'
import { chargeCeremony } from './charge-ceremony.ts'
import { checkAnswer, type RightAnswer, type WrongAnswer } from './check-answer.ts'
import { issueChallenge } from './issue-challenge.ts'
import { type PasskeyRefused, refuseAnswer } from './refuse-answer.ts'
import { requirePasskeys } from './require-passkeys.ts'
import { describeUse, usePasskey } from './use-passkey.ts'

/** Sudo was given. A session that had one factor went through the door again: it has two now. */
export type PasskeySudoResult = SignInSuccess | PasskeyRefused | SessionEnded | TurnedAway | Limited

/**
 * What a browser needs to ask a signed-in user for a passkey of theirs.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and pending sign-ins.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const createPasskeySudo = defineFlow(
  {
    name: 'createPasskeySudo',
    principal: 'session',
    changes: false,
    sudo: 'given',
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: SudoCaller): Promise<AuthenticationOptions> => {
    const { relyingParty } = requirePasskeys(runtime)
    const { userId } = caller.session
    const { challenge, lifeSeconds } = await issueChallenge(runtime, caller, 'sudo', userId)
    return createAuthenticationOptions(relyingParty, challenge, { lifeSeconds })
  },
)

/**
 * Gives sudo for a passkey that verified its user, whatever else is set up: there is nothing stronger. A session of two
 * factors gets a new token; one of a single factor is raised, which is a sign-in.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and pending sign-ins.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const sudoByPasskey = defineFlow(
  {
    name: 'sudoByPasskey',
    principal: 'session',
    changes: true,
    sudo: 'given',
    impersonation: 'refused',
    channel: 'session.sudo',
  },
  async (runtime: Runtime, caller: SudoCaller, input: { response: unknown }): Promise<PasskeySudoResult> => {
    const { session } = caller
    return withGuess(runtime, async (guess) => {
      const refused =
        (await chargeCeremony(runtime, caller)) ?? (await chargeSudo(runtime, caller, session, guess))
      if (refused) return refused
      const answer = await checkAnswer(runtime, caller, 'sudo', session.userId, input.response)
      if (!answer.ok) guess.wasWrong()
      return answerSudo(runtime, caller, session, guess, answer)
    })
  },
)

async function answerSudo(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  guess: Guess,
  answer: RightAnswer | WrongAnswer,
): Promise<PasskeySudoResult> {
  const line = { action: 'session.sudo', subjectId: session.userId, targetId: session.id } as const
  return inSessionTransaction<PasskeySudoResult>(runtime, session, async (tx, own) => {
    if (!answer.ok) return refuseAnswer(tx, caller, answer, line)
    const factor = await usePasskey(tx, answer)
    if ('ok' in factor) {
      tx.afterCommit(() => guess.wasWrong())
      return refuseAnswer(tx, caller, factor, line)
    }
    return own.aal === 2 ? renew(tx, caller, own, answer) : raise(tx, caller, own, answer, factor)
  })
}

async function renew(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession,
  { passkey }: RightAnswer,
): Promise<PasskeySudoResult> {
  const { id, userId } = own
  await renewSession(tx, caller, own, { sudo: 'passkey' })
  await recordAuditEvent(tx, caller, describeSudo(userId, id))
  await recordAuditEvent(tx, caller, describeUse(passkey))
  return { ok: true, outcome: 'signed-in', userId }
}

/** No trusted browser: it stands in for a second factor at sign-in, never here. */
async function raise(
  tx: Transaction,
  caller: Caller,
  own: ContinuedSession,
  { passkey }: RightAnswer,
  factor: Proof,
): Promise<PasskeySudoResult> {
  const also = [describeSudo(own.userId, own.id), describeUse(passkey)]
  return resumeSignIn(tx, caller, own, factor, { method: 'passkey', acceptTrust: false, also })
}

function describeSudo(userId: ResolvedSession['userId'], sessionId: string) {
  return {
    action: 'session.sudo',
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    targetId: sessionId,
    metadata: { method: 'passkey' },
  } as const
}
