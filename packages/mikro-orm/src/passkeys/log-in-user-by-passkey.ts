import { type AuthenticationOptions, createAuthenticationOptions } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import { completeSignIn } from '../door/complete-sign-in.ts'
import type { Limited, SignInSuccess } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { chargeCeremony } from './charge-ceremony.ts'
import { checkAnswer, type RightAnswer } from './check-answer.ts'
import { forgetFailures } from './forget-failures.ts'
import { issueChallenge } from './issue-challenge.ts'
import { type PasskeyRefused, refuseAnswer } from './refuse-answer.ts'
import { requirePasskeys } from './require-passkeys.ts'
import { describeUse, usePasskey } from './use-passkey.ts'

export interface PasskeyLogInInput {
  /** The JSON of `navigator.credentials.get()`. */
  response: unknown
  /** A cookie that outlives the browser's window. @default false */
  rememberMe?: boolean | undefined
}

export type PasskeyLogInResult = SignInSuccess | PasskeyRefused | Limited

/**
 * What a browser needs to offer passkeys, the same for everybody: nobody is named, and no passkey is.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const createPasskeyLogIn = defineFlow(
  {
    name: 'createPasskeyLogIn',
    principal: 'visitor',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller): Promise<AuthenticationOptions> => {
    const { relyingParty } = requirePasskeys(runtime)
    const { challenge, lifeSeconds } = await issueChallenge(runtime, caller, 'sign-in', null)
    return createAuthenticationOptions(relyingParty, challenge, { lifeSeconds })
  },
)

/**
 * Signs somebody in by a passkey that verified its user: two factors at once. Every refusal looks the same, a disabled
 * or unconfirmed account's too.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer: nobody gets in.
 */
export const logInUserByPasskey = defineFlow(
  {
    name: 'logInUserByPasskey',
    principal: 'visitor',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'passkey.authenticate',
  },
  async (runtime: Runtime, caller: Caller, input: PasskeyLogInInput): Promise<PasskeyLogInResult> => {
    const limited = await chargeCeremony(runtime, caller)
    if (limited) return limited
    const answer = await checkAnswer(runtime, caller, 'sign-in', null, input.response)
    return inTransaction(runtime, async (tx) =>
      answer.ok
        ? signIn(tx, caller, answer, input.rememberMe === true)
        : refuseAnswer(tx, caller, answer, { action: 'auth.log_in_failed' }),
    )
  },
)

async function signIn(
  tx: Transaction,
  caller: Caller,
  answer: RightAnswer,
  remembered: boolean,
): Promise<PasskeyLogInResult> {
  const used = await usePasskey(tx, answer)
  if ('ok' in used) return refuseAnswer(tx, caller, used, { action: 'auth.log_in_failed' })
  const opened = await completeSignIn(tx, caller, used, {
    method: 'passkey',
    remembered,
    also: [describeUse(answer.passkey)],
  })
  // Whoever is disabled learns no more than whoever has no account; the audit log has the reason.
  if (opened.outcome === 'refused') return { ok: false, reason: 'invalid-passkey' }
  await forgetFailures(tx, caller, opened.userId)
  return { ok: true, outcome: opened.outcome, userId: opened.userId }
}
