import {
  allowUserOneStep,
  type ActivateResult,
  activateUserTotp,
  type Busy,
  type DisableResult,
  disableUserTotp,
  enrollUserTotp,
  getUserSecondFactorState,
  type IssueCodesResult,
  issueUserBackupCodes,
  type Limited,
  type RegenerateResult,
  regenerateUserBackupCodes,
  requireUserSecondStep,
  type RequireStepResult,
  type SecondFactorState,
  toUserId,
  type TotpEnrolment,
  type Unconfirmed,
  unblockUserSecondFactor,
  type VerifyInput as TypedCode,
  type VerifyResult,
  verifyUserSecondFactor,
} from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import { finishStep } from './guards.ts'
import { drawQrCode, type QrCode } from './qr-code.ts'
import type { RequestArgs } from './request/request-args.ts'
import type { Visit } from './request/visit.ts'
import { type Answered, createFlowRunner } from './run-flow.ts'
import { answerSignIn, type SignInSuccess } from './sign-in-answer.ts'

/** What a page about second factors shows, with the QR code of an app that waits for its first code. */
export interface SecondFactorView extends Omit<SecondFactorState, 'enrolment'> {
  enrolment: (TotpEnrolment & { qr: QrCode }) | null
}

export interface VerifyInput extends TypedCode {
  /** Where to go afterwards; whatever is not a page of this app counts as none. */
  redirectTo?: unknown
}

/** The challenge was passed. */
export interface VerifySuccess extends SignInSuccess {
  backupCodesLeft: number
}

/** A sign-in went on, or a session was raised. The codes are in this answer and in no other. */
export interface CodesSuccess extends SignInSuccess {
  backupCodes: readonly string[]
}

/**
 * The second factors of who is signed in, or about to be. Changes need a fresh sudo: call `requireSudo` in the route's
 * loader and action; one that forgets is sent there all the same.
 */
export interface SecondFactors {
  /** Of a pending sign-in too; `null` for strangers. */
  getUserSecondFactorState(args: RequestArgs): Promise<SecondFactorView | null>
  /** The challenge: one of `code` and `backupCode`. */
  verifyUserSecondFactor(
    args: RequestArgs,
    input: VerifyInput,
  ): Promise<Answered<VerifyResult, VerifySuccess>>
  /** Makes a seed; `getUserSecondFactorState` shows it in this session until it is activated. */
  enrollUserTotp(args: RequestArgs): Promise<{ ok: true } | Unconfirmed | Limited>
  activateUserTotp(
    args: RequestArgs,
    input: { code: unknown; redirectTo?: unknown },
  ): Promise<Answered<ActivateResult, CodesSuccess>>
  /** For a sign-in that has two factors but no backup code, where the policy wants one. */
  issueUserBackupCodes(
    args: RequestArgs,
    input?: { redirectTo?: unknown },
  ): Promise<Answered<IssueCodesResult, CodesSuccess>>
  disableUserTotp(args: RequestArgs): Promise<DisableResult | Busy>
  regenerateUserBackupCodes(args: RequestArgs): Promise<RegenerateResult>
  /** "Require a second step", for people whose second factor is a passkey. */
  requireUserSecondStep(args: RequestArgs, input: { isRequired: boolean }): Promise<RequireStepResult>
  /** For operators, after too many wrong codes. @returns Whether there was anything to clear. */
  unblockUserSecondFactor(args: RequestArgs, userId: string): Promise<boolean>
}

export function createSecondFactors(edge: Edge): SecondFactors {
  const { look, act, answer } = createFlowRunner(edge)
  return {
    async getUserSecondFactorState(args) {
      const state = await look(args, getUserSecondFactorState)
      return state && drawn(state)
    },
    verifyUserSecondFactor: (args, input) =>
      answer(
        args,
        (rt, caller) => verifyUserSecondFactor(rt, caller, input),
        (visit, result) => ({
          ...answerSignIn(visit, result, input.redirectTo),
          backupCodesLeft: result.backupCodesLeft,
        }),
      ),
    async enrollUserTotp(args) {
      const result = await act(args, enrollUserTotp)
      return result.ok ? { ok: true } : result
    },
    activateUserTotp: (args, input) =>
      answer(
        args,
        (rt, caller) => activateUserTotp(rt, caller, input),
        (visit, result) => answerWithCodes(visit, result, input.redirectTo),
      ),
    issueUserBackupCodes: (args, input = {}) =>
      answer(args, issueUserBackupCodes, (visit, result) => answerWithCodes(visit, result, input.redirectTo)),
    disableUserTotp: (args) => act(args, disableUserTotp),
    regenerateUserBackupCodes: (args) => act(args, regenerateUserBackupCodes),
    requireUserSecondStep: (args, { isRequired }) =>
      act(args, isRequired ? requireUserSecondStep : allowUserOneStep),
    unblockUserSecondFactor: (args, userId) =>
      act(args, (rt, caller) => unblockUserSecondFactor(rt, toUserId(userId), caller)),
  }
}

async function drawn(state: SecondFactorState): Promise<SecondFactorView> {
  const { enrolment } = state
  return { ...state, enrolment: enrolment && { ...enrolment, qr: await drawQrCode(enrolment.uri) } }
}

/** The page that asked shows the codes now, although the sign-in waits for it no longer. */
function answerWithCodes(
  visit: Visit,
  result: Extract<ActivateResult | IssueCodesResult, { ok: true }>,
  redirectTo: unknown,
): CodesSuccess {
  finishStep(visit, 'enrolment')
  return { ...answerSignIn(visit, result, redirectTo), backupCodes: result.backupCodes }
}
