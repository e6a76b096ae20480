import {
  approveUserEmailChange,
  cancelUserEmailChange,
  deliverUserUpdateEmailInstructions,
  type EmailChangeState,
  getUserByUpdateEmailToken,
  getUserEmailChange,
  type Limited,
  type RequestEmailChangeResult,
  resendUserEmailChange,
  type UpdateEmailPage,
  type UpdateEmailResult,
  updateUserEmail,
} from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import type { RequestArgs } from './request/request-args.ts'
import { createFlowRunner } from './run-flow.ts'

/** Changing the address of an account. */
export interface EmailChanges {
  /** What the signed-in user has asked for; `null` for strangers. */
  getUserEmailChange(args: RequestArgs): Promise<EmailChangeState | null>
  /** Uniform: the same answer for every address. Needs a fresh sudo. */
  deliverUserUpdateEmailInstructions(
    args: RequestArgs,
    input: { email: unknown; distrustOld?: boolean },
  ): Promise<RequestEmailChangeResult>
  /** Its mail once more. Needs a fresh sudo. */
  resendUserEmailChange(args: RequestArgs): Promise<{ ok: true } | { ok: false; reason: 'gone' } | Limited>
  cancelUserEmailChange(args: RequestArgs): Promise<{ ok: true }>
  /** What a link of a change is about, whichever of the two mailboxes it came from. */
  getUserByUpdateEmailToken(args: RequestArgs, token: unknown): Promise<UpdateEmailPage | null>
  /** By the link, or by the code in the browser that asked: only for whoever is signed in to that account. */
  updateUserEmail(
    args: RequestArgs,
    input: { token: unknown } | { code: unknown },
  ): Promise<UpdateEmailResult>
  /** From the old mailbox, where the policy asks for it. */
  approveUserEmailChange(
    args: RequestArgs,
    input: { token: unknown },
  ): Promise<{ ok: true } | { ok: false; reason: 'invalid-token' } | Limited>
}

export function createEmailChanges(edge: Edge): EmailChanges {
  const { look, act } = createFlowRunner(edge)
  return {
    getUserEmailChange: (args) => look(args, getUserEmailChange),
    deliverUserUpdateEmailInstructions: (args, input) =>
      act(args, (rt, caller) => deliverUserUpdateEmailInstructions(rt, caller, input)),
    resendUserEmailChange: (args) => act(args, resendUserEmailChange),
    cancelUserEmailChange: (args) => act(args, cancelUserEmailChange),
    getUserByUpdateEmailToken: (args, token) =>
      look(args, (rt, caller) => getUserByUpdateEmailToken(rt, caller, token)),
    updateUserEmail: (args, input) => act(args, (rt, caller) => updateUserEmail(rt, caller, input)),
    approveUserEmailChange: (args, input) =>
      act(args, (rt, caller) => approveUserEmailChange(rt, caller, input)),
  }
}
