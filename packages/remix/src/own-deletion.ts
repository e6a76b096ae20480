import {
  cancelUserDeletion,
  type CancelDeletionResult,
  getUserDeletionState,
  type ScheduleDeletionResult,
  scheduleUserDeletion,
  type UserDeletionState,
} from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import type { RequestArgs } from './request/request-args.ts'
import { type Answered, createFlowRunner } from './run-flow.ts'
import { answerSignIn, type SignInSuccess } from './sign-in-answer.ts'

/** Having one's own account deleted, and coming back before it is. */
export interface OwnDeletion {
  /** For whoever is signed in, and for a sign-in that waits to take it back; `null` for everybody else. */
  getUserDeletionState(args: RequestArgs): Promise<UserDeletionState | null>
  /** Logs everybody out. Needs a fresh sudo, and the address of the account typed once more. */
  scheduleUserDeletion(args: RequestArgs, input: { confirmation: unknown }): Promise<ScheduleDeletionResult>
  /** For a sign-in that waits for it: the door comes next. */
  cancelUserDeletion(
    args: RequestArgs,
    input: { redirectTo?: unknown },
  ): Promise<Answered<CancelDeletionResult, SignInSuccess>>
}

export function createOwnDeletion(edge: Edge): OwnDeletion {
  const { look, act, answer } = createFlowRunner(edge)
  return {
    getUserDeletionState: (args) => look(args, getUserDeletionState),
    scheduleUserDeletion: (args, input) => act(args, (rt, caller) => scheduleUserDeletion(rt, caller, input)),
    cancelUserDeletion: (args, input) =>
      answer(args, cancelUserDeletion, (visit, result) => answerSignIn(visit, result, input.redirectTo)),
  }
}
