import type { ProviderFailure, ProviderProfile } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { inTransaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import { orUniqueViolation } from '../database/unique-violation.ts'
import { type Busy, type Limited, orBusy } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { chargeAttempt } from './charge-attempt.ts'
import type { ComingBack, ProviderRegistration } from './coming-back.ts'
import { decide, type LetIn, type Refused } from './decide.ts'
import { requireOauth } from './require-oauth.ts'
import { type AttemptOver, takeAttempt } from './take-attempt.ts'

export interface CompleteProviderLogInInput {
  /** The id of the provider. */
  provider: unknown
  /** The query that the browser came back with, as it came. */
  answer: URLSearchParams
}

export interface CompleteProviderLogInOptions {
  /** What whoever registers by a provider gets beside an account, by what it says of them. @default nothing */
  register?: (profile: ProviderProfile) => ProviderRegistration
}

export type CompleteProviderLogInResult =
  | LetIn
  /** There is no such provider. */
  | { ok: false; reason: 'unknown-provider' }
  | AttemptOver
  | ProviderFailure
  | Refused
  | Limited
  | Busy

/**
 * Lets whoever comes back from a provider in: the browser that began the attempt, once, with an answer that holds. An account is
 * found by issuer and subject; an equal address joins nobody to an account that its owner has proven. Whoever is new registers, where
 * the app takes them.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without providers, and when `fields` names a library column or an unknown one.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const completeProviderLogIn = defineFlow(
  {
    name: 'completeProviderLogIn',
    principal: 'visitor',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: CompleteProviderLogInInput,
    options: CompleteProviderLogInOptions = {},
  ): Promise<CompleteProviderLogInResult> => {
    const configured = requireOauth(runtime).findProvider(input.provider)
    if (configured === null) return { ok: false, reason: 'unknown-provider' }
    const limited = await chargeAttempt(runtime, caller)
    if (limited) return limited
    const { provider, redirectUri } = configured
    const taken = await takeAttempt(runtime, caller, provider.id, input.answer)
    if ('ok' in taken) return taken
    // No connection is held while the provider is asked, however long it takes.
    const { id: attemptId, attempt, redirectTo, remembered, now } = taken
    const answer = await orBusy(provider.exchange(input.answer, attempt, { redirectUri, now }))
    if (!answer.ok) return 'code' in answer ? recordFailure(runtime, caller, answer) : answer
    const register = options.register ?? (() => ({}))
    return settle(runtime, caller, {
      attemptId,
      provider: provider.id,
      answer,
      redirectTo,
      remembered,
      register,
    })
  },
)

/** Whom another transaction has linked meanwhile is known by now: decided once more. */
async function settle(runtime: Runtime, caller: Caller, coming: ComingBack): Promise<LetIn | Refused> {
  const decideOnce = () =>
    inUndoableTransaction<LetIn | Refused, Refused>(runtime, (tx, undo) => decide(tx, caller, coming, undo))
  return (await orUniqueViolation(decideOnce(), null)) ?? (await decideOnce())
}

async function recordFailure(
  runtime: Runtime,
  caller: Caller,
  failure: ProviderFailure,
): Promise<ProviderFailure> {
  await inTransaction(runtime, (tx) =>
    recordAuditEvent(tx, caller, {
      action: 'auth.log_in_failed',
      outcome: 'failure',
      actorId: null,
      metadata: { method: 'provider', reason: failure.code },
    }),
  )
  return failure
}
