import {
  type AddPasskeyInput as FlowAddition,
  type AddPasskeyResult as FlowAdded,
  addUserPasskey,
  createPasskeyEnrolment,
  createPasskeyLogIn,
  createPasskeySecondFactor,
  createPasskeySudo,
  type FlowContext,
  listUserPasskeys,
  logInUserByPasskey,
  offerUserPasskey,
  type PasskeyLogInInput as FlowLogIn,
  type PasskeyLogInResult as FlowLoggedIn,
  type PasskeySecondFactorInput as FlowSecondFactor,
  type PasskeySecondFactorResult as FlowVerified,
  type PasskeySudoResult as FlowSudo,
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
import { enterRequest } from '../request/enter-request.ts'
import type { RequestArgs } from '../request/request-args.ts'
import { createFlowRunner, type Flow } from '../run-flow.ts'
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

export type PasskeyLogInInput = FlowLogIn & Landing
export type PasskeySecondFactorInput = FlowSecondFactor & Landing
export type AddPasskeyInput = FlowAddition & Landing

export type PasskeyLogInResult = SignInSuccess | Exclude<FlowLoggedIn, { ok: true }>
export type PasskeySecondFactorResult = SignInSuccess | Exclude<FlowVerified, { ok: true }>
export type PasskeySudoResult = SignInSuccess | Exclude<FlowSudo, { ok: true }> | SudoMissing
export type AddPasskeyResult =
  (SignInSuccess & { passkeyId: string; nickname: string }) | Exclude<FlowAdded, { ok: true }> | SudoMissing

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
  logInUserByPasskey(args: RequestArgs, input: PasskeyLogInInput): Promise<PasskeyLogInResult>
  createPasskeySecondFactor(args: RequestArgs): Promise<CeremonyStart<SessionEnded>>
  verifyUserSecondFactorByPasskey(
    args: RequestArgs,
    input: PasskeySecondFactorInput,
  ): Promise<PasskeySecondFactorResult>
  createPasskeySudo(args: RequestArgs): Promise<CeremonyStart<SudoMissing>>
  sudoByPasskey(args: RequestArgs, input: { response: unknown } & Landing): Promise<PasskeySudoResult>
  /** For a session with sudo, or a sign-in that waits for a second factor to be set up. */
  createPasskeyEnrolment(args: RequestArgs): Promise<CeremonyStart<EnrolmentRefusal | SudoMissing>>
  addUserPasskey(args: RequestArgs, input: AddPasskeyInput): Promise<AddPasskeyResult>
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
  const { look, act } = createFlowRunner(edge)
  const { policy, relyingParty } = requirePasskeys(edge.runtime)
  /** A passkey was used in this browser, or made in it. */
  const land = <T extends Pick<SignInSuccess, 'outcome'>>(
    args: RequestArgs,
    result: T,
    redirectTo: unknown,
  ) => {
    rememberPasskeyWay(edge, args)
    return answerSignIn(edge, enterRequest(edge, args), result, redirectTo)
  }
  return {
    policy,
    rpId: relyingParty.rpId,
    usedPasskeyHere: (args) => hasPasskeyWay(edge, args),
    createPasskeyLogIn: async (args) => ({ ok: true, options: await act(args, createPasskeyLogIn) }),
    async logInUserByPasskey(args, input) {
      const result = await act(args, (rt, ctx) => logInUserByPasskey(rt, ctx, input))
      return result.ok ? land(args, result, input.redirectTo) : result
    },
    createPasskeySecondFactor: (args) => act(args, createPasskeySecondFactor),
    async verifyUserSecondFactorByPasskey(args, input) {
      const result = await act(args, (rt, ctx) => verifySecondFactorByPasskey(rt, ctx, input))
      return result.ok ? land(args, result, input.redirectTo) : result
    },
    createPasskeySudo: (args) =>
      act(
        args,
        orSudoMissing(async (rt, ctx) => ({ ok: true, options: await createPasskeySudo(rt, ctx) })),
      ),
    async sudoByPasskey(args, input) {
      const result = await act(
        args,
        orSudoMissing((rt, ctx) => sudoByPasskey(rt, ctx, input)),
      )
      return result.ok ? land(args, result, input.redirectTo) : result
    },
    createPasskeyEnrolment: (args) => act(args, orSudoMissing(createPasskeyEnrolment)),
    async addUserPasskey(args, input) {
      const result = await act(
        args,
        orSudoMissing((rt, ctx) => addUserPasskey(rt, ctx, input)),
      )
      if (!result.ok) return result
      const { passkeyId, nickname } = result
      return { ...land(args, result, input.redirectTo), passkeyId, nickname }
    },
    // Nothing about who is signed in changes. Where the session has gone on meanwhile the log-in goes its way without.
    offerUserPasskey: (args) => look(args, orNot(offerUserPasskey)),
    listUserPasskeys: (args) => look(args, listUserPasskeys),
    renameUserPasskey: (args, input) => act(args, (rt, ctx) => renameUserPasskey(rt, ctx, input)),
    removeUserPasskey: (args, input) => act(args, (rt, ctx) => removeUserPasskey(rt, ctx, input)),
  }
}

/** A script that is sent to another page by a redirect gets its HTML for an answer: it is told in a value. */
function orSudoMissing<T>(flow: (runtime: Runtime, ctx: FlowContext) => Promise<T>): Flow<T | SudoMissing> {
  return async (runtime, ctx) => {
    try {
      return await flow(runtime, ctx)
    } catch (error) {
      if (error instanceof SudoRequired) return { ok: false, reason: 'sudo-required' }
      throw error
    }
  }
}

function orNot(flow: Flow<boolean>): Flow<boolean> {
  return async (runtime, ctx) => {
    try {
      return await flow(runtime, ctx)
    } catch (error) {
      if (isOvertaken(error)) return false
      throw error
    }
  }
}
