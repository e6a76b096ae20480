import {
  type AddPasskeyInput as NewPasskey,
  type AddPasskeyResult,
  addUserPasskey,
  createPasskeyEnrolment,
  createPasskeyLogIn,
  createPasskeySecondFactor,
  createPasskeySudo,
  type Caller,
  listUserPasskeys,
  logInUserByPasskey,
  offerUserPasskey,
  type PasskeyLogInInput as LogInCeremony,
  type PasskeyLogInResult,
  type PasskeySecondFactorInput as SecondFactorCeremony,
  type PasskeySecondFactorResult,
  type PasskeySudoResult,
  type PasskeysPolicy,
  type RemovePasskeyResult,
  removeUserPasskey,
  type RenamePasskeyResult,
  renameUserPasskey,
  requirePasskeys,
  type Runtime,
  type SessionEnded,
  sudoByPasskey,
  SudoRequired,
  type UserPasskey,
  verifySecondFactorByPasskey,
} from '@sigra/mikro-orm'
import type { Edge } from '../edge.ts'
import { hasPasskeyWay, rememberPasskeyWay } from './known-way.ts'
import { isOvertaken } from '../overtaken.ts'
import type { RequestArgs } from '../request/request-args.ts'
import { type Visit, visitOf } from '../request/visit.ts'
import { type Answered, createFlowRunner, type Flow } from '../run-flow.ts'
import { answerSignIn, type SignInSuccess } from '../sign-in-answer.ts'

/** What a page's script hands to the browser, as it is. */
export type CeremonyStart<Refusal = never> = { ok: true; options: object } | Refusal

/** A script asked for what needs a fresh sudo. It cannot be sent elsewhere by a redirect; its page can. */
export interface SudoMissing {
  ok: false
  reason: 'sudo-required'
}

interface Landing {
  /** Where to go afterwards; whatever is not a page of this app counts as none. */
  redirectTo?: unknown
}

export type PasskeyLogInInput = LogInCeremony & Landing
export type PasskeySecondFactorInput = SecondFactorCeremony & Landing
export type AddPasskeyInput = NewPasskey & Landing

export type PasskeyLogInAnswer = Answered<PasskeyLogInResult, SignInSuccess>
export type PasskeySecondFactorAnswer = Answered<PasskeySecondFactorResult, SignInSuccess>
export type PasskeySudoAnswer = Answered<PasskeySudoResult, SignInSuccess> | SudoMissing
export type AddPasskeyAnswer = Answered<AddPasskeyResult, AddPasskeySuccess> | SudoMissing

/** A passkey was added. Who waited for a second factor to be set up has gone on by it. */
export interface AddPasskeySuccess extends SignInSuccess {
  passkeyId: string
  nickname: string
}

type EnrolmentRefusal = Exclude<Awaited<ReturnType<typeof createPasskeyEnrolment>>, { ok: true }>

/**
 * Passkeys: signing in, the second factor, sudo, and a list of one's own. Each ceremony has two calls, one for the
 * options a page's script hands to the browser and one for what the browser answers.
 */
export interface Passkeys {
  /** Every number and switch of their policy, defaults included. */
  readonly policy: Readonly<PasskeysPolicy>
  /** The domain they belong to. */
  readonly rpId: string
  /** Whether one was used in this browser within the last year: what its log-in page offers first. */
  usedPasskeyHere(args: RequestArgs): boolean
  createPasskeyLogIn(args: RequestArgs): Promise<CeremonyStart>
  logInUserByPasskey(args: RequestArgs, input: PasskeyLogInInput): Promise<PasskeyLogInAnswer>
  createPasskeySecondFactor(args: RequestArgs): Promise<CeremonyStart<SessionEnded>>
  verifyUserSecondFactorByPasskey(
    args: RequestArgs,
    input: PasskeySecondFactorInput,
  ): Promise<PasskeySecondFactorAnswer>
  createPasskeySudo(args: RequestArgs): Promise<CeremonyStart<SudoMissing>>
  sudoByPasskey(args: RequestArgs, input: { response: unknown } & Landing): Promise<PasskeySudoAnswer>
  /** For a session with sudo, or a sign-in that waits for a second factor to be set up. */
  createPasskeyEnrolment(args: RequestArgs): Promise<CeremonyStart<EnrolmentRefusal | SudoMissing>>
  addUserPasskey(args: RequestArgs, input: AddPasskeyInput): Promise<AddPasskeyAnswer>
  /**
   * Whether to offer a passkey to who has just logged in by password, in the action that let them in: once per browser, to
   * who has none and may add one right away. Who has seen the offer is not asked again, whatever they said.
   */
  offerUserPasskey(args: RequestArgs): Promise<boolean>
  /** The oldest first; none for strangers. */
  listUserPasskeys(args: RequestArgs): Promise<UserPasskey[]>
  renameUserPasskey(
    args: RequestArgs,
    input: { passkeyId: unknown; nickname: unknown },
  ): Promise<RenamePasskeyResult>
  removeUserPasskey(args: RequestArgs, input: { passkeyId: unknown }): Promise<RemovePasskeyResult>
}

export function createPasskeys(edge: Edge): Passkeys {
  const { look, act, answer } = createFlowRunner(edge)
  const { policy, relyingParty } = requirePasskeys(edge.runtime)
  return {
    policy,
    rpId: relyingParty.rpId,
    usedPasskeyHere: (args) => hasPasskeyWay(visitOf(edge, args)),
    createPasskeyLogIn: async (args) => ({ ok: true, options: await act(args, createPasskeyLogIn) }),
    logInUserByPasskey: (args, input) =>
      answer(
        args,
        (rt, caller) => logInUserByPasskey(rt, caller, input),
        (visit, result) => land(visit, result, input),
        input.redirectTo,
      ),
    createPasskeySecondFactor: (args) => act(args, createPasskeySecondFactor),
    verifyUserSecondFactorByPasskey: (args, input) =>
      answer(
        args,
        (rt, caller) => verifySecondFactorByPasskey(rt, caller, input),
        (visit, result) => land(visit, result, input),
      ),
    createPasskeySudo: (args) =>
      act(
        args,
        orSudoMissing(async (rt, caller) => ({ ok: true, options: await createPasskeySudo(rt, caller) })),
      ),
    sudoByPasskey: (args, input) =>
      answer(
        args,
        orSudoMissing((rt, caller) => sudoByPasskey(rt, caller, input)),
        (visit, result) => land(visit, result, input),
      ),
    createPasskeyEnrolment: (args) => act(args, orSudoMissing(createPasskeyEnrolment)),
    addUserPasskey: (args, input) =>
      answer(
        args,
        orSudoMissing((rt, caller) => addUserPasskey(rt, caller, input)),
        (visit, result) => {
          const { passkeyId, nickname } = result
          return { ...land(visit, result, input), passkeyId, nickname }
        },
      ),
    // Nothing about who is signed in changes. Where the session has gone on meanwhile the log-in goes its way without.
    offerUserPasskey: (args) => look(args, orNot(offerUserPasskey)),
    listUserPasskeys: (args) => look(args, listUserPasskeys),
    renameUserPasskey: (args, input) => act(args, (rt, caller) => renameUserPasskey(rt, caller, input)),
    removeUserPasskey: (args, input) => act(args, (rt, caller) => removeUserPasskey(rt, caller, input)),
  }
}

/** A passkey was used in this browser, or made in it. */
function land(visit: Visit, result: Pick<SignInSuccess, 'outcome'>, { redirectTo }: Landing): SignInSuccess {
  rememberPasskeyWay(visit)
  return answerSignIn(visit, result, redirectTo)
}

/** A script that is sent to another page by a redirect gets its HTML for an answer: it is told in a value. */
function orSudoMissing<T>(flow: (runtime: Runtime, caller: Caller) => Promise<T>): Flow<T | SudoMissing> {
  return async (runtime, caller) => {
    try {
      return await flow(runtime, caller)
    } catch (error) {
      if (error instanceof SudoRequired) return { ok: false, reason: 'sudo-required' }
      throw error
    }
  }
}

function orNot(flow: Flow<boolean>): Flow<boolean> {
  return async (runtime, caller) => {
    try {
      return await flow(runtime, caller)
    } catch (error) {
      if (isOvertaken(error)) return false
      throw error
    }
  }
}
