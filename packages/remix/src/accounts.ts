import {
  type Busy,
  type Confirmed,
  type ConfirmationPage,
  type ConfirmByCodeResult,
  type ConfirmResult,
  confirmUser,
  confirmUserByCode,
  confirmUserWithNewPassword,
  deleteAllUserSessionTokens,
  deliverUserConfirmationInstructions,
  deliverUserResetPasswordInstructions,
  getUserByConfirmationToken,
  getUserByNotMeToken,
  getUserByResetPasswordToken,
  isConfirmedHere,
  type Limited,
  logInUser,
  logOutUser,
  type NotMePage,
  type RegisterInput,
  type RegisterOptions,
  type RegisterResult,
  registerUser,
  rejectRegistration,
  type ResetPage,
  resetUserPassword,
  secureUser,
  type SetPasswordResult,
  toUserId,
} from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import { createEmailChanges, type EmailChanges } from './email-change.ts'
import { createMagicLinks, type MagicLinks } from './magic-link.ts'
import { findFullSession } from './guards.ts'
import { landingPath, seeOther, signInPath } from './redirects.ts'
import type { RequestArgs } from './request/request-args.ts'
import type { Visit } from './request/visit.ts'
import { type Answered, createFlowRunner } from './run-flow.ts'
import { createSecondFactors, type SecondFactors } from './second-factors.ts'
import { createOwnAccount, type OwnAccount } from './own-account.ts'
import { createOwnDeletion, type OwnDeletion } from './own-deletion.ts'
import { createOwnActivity, type OwnActivity } from './own-activity.ts'
import { answerSignIn, type SignInSuccess } from './sign-in-answer.ts'

export interface LogInInput {
  email: unknown
  password: unknown
  rememberMe?: boolean | undefined
  /** Where to go afterwards; whatever is not a page of this app counts as none. */
  redirectTo?: unknown
}

export type LogInResult =
  | SignInSuccess
  | { ok: false; reason: 'invalid-credentials' }
  | { ok: false; reason: 'disabled' }
  | Limited
  | Busy

/** An address is confirmed, and whoever confirmed it in the browser that registered is on the way in. */
export interface ConfirmSuccess {
  ok: true
  /** What the door said; `null`: the confirmation signed nobody in. */
  outcome: SignInSuccess['outcome'] | null
  /** To go on: a checked `redirectTo`, the next step the door asks for, or log-in. */
  path: string
  /** To `path`. */
  redirect(): Response
}

export type ConfirmAnswer = Answered<ConfirmResult, ConfirmSuccess>

export type ConfirmByCodeAnswer = Answered<ConfirmByCodeResult, ConfirmSuccess>

/** Every account operation, called with what a loader or an action is called with. Refusals are values. */
export interface Accounts
  extends OwnAccount, OwnActivity, OwnDeletion, EmailChanges, SecondFactors, MagicLinks {
  registerUser<Input extends RegisterInput>(
    args: RequestArgs,
    input: Input & { redirectTo?: unknown },
    options?: Omit<RegisterOptions<Input>, 'redirectTo'>,
  ): Promise<RegisterResult>
  deliverUserConfirmationInstructions(
    args: RequestArgs,
    input: { email: unknown; redirectTo?: unknown },
  ): Promise<{ ok: true } | Limited>
  getUserByConfirmationToken(args: RequestArgs, token: unknown): Promise<ConfirmationPage | null>
  /** Whether a confirmation link that is of no use any more confirmed its address in this very browser. */
  isConfirmedHere(args: RequestArgs, token: unknown): Promise<boolean>
  /** Signs in, in the browser that registered. */
  confirmUser(args: RequestArgs, input: { token: unknown; password?: unknown }): Promise<ConfirmAnswer>
  confirmUserWithNewPassword(
    args: RequestArgs,
    input: { token: unknown; password: unknown },
  ): Promise<SetPasswordResult>
  rejectRegistration(
    args: RequestArgs,
    input: { token: unknown },
  ): Promise<{ ok: true } | { ok: false; reason: 'invalid' } | Limited>
  /** Signs in: the code works in the browser that registered alone. */
  confirmUserByCode(args: RequestArgs, input: { email: unknown; code: unknown }): Promise<ConfirmByCodeAnswer>
  logInUser(args: RequestArgs, input: LogInInput): Promise<LogInResult>
  logOutUser(args: RequestArgs): Promise<{ ok: true }>
  deliverUserResetPasswordInstructions(
    args: RequestArgs,
    input: { email: unknown },
  ): Promise<{ ok: true } | Limited>
  getUserByResetPasswordToken(args: RequestArgs, token: unknown): Promise<ResetPage | null>
  resetUserPassword(
    args: RequestArgs,
    input: { token: unknown; password: unknown },
  ): Promise<SetPasswordResult>
  getUserByNotMeToken(args: RequestArgs, token: unknown): Promise<NotMePage | null>
  secureUser(
    args: RequestArgs,
    input: { token: unknown },
  ): Promise<{ ok: true } | { ok: false; reason: 'invalid-token' } | Limited>
  /** @returns How many sessions ended. */
  deleteAllUserSessionTokens(args: RequestArgs, userId: string): Promise<number>
}

/**
 * What an app's own context satisfies, `{ ...sigra.accounts, registerUser(args, input) { … } } satisfies AccountsContext`:
 * a function in place of the library's has its name and takes `args`; its input may be as narrow as the app's schema, and
 * what it answers is checked by the routes that call it.
 */
export type AccountsContext = {
  [Name in keyof Accounts]: (args: RequestArgs, input: never) => Promise<unknown>
}

export function createAccounts(edge: Edge): Accounts {
  const { look, act, answer } = createFlowRunner(edge)
  return {
    ...createOwnAccount(edge),
    ...createEmailChanges(edge),
    ...createOwnActivity(edge),
    ...createOwnDeletion(edge),
    ...createMagicLinks(edge),
    ...createSecondFactors(edge),
    registerUser: (args, input, options) =>
      act(args, (rt, caller) =>
        registerUser(rt, caller, input, {
          ...options,
          redirectTo: landingPath(edge.settings, input.redirectTo),
        }),
      ),
    deliverUserConfirmationInstructions: (args, { email, redirectTo }) =>
      act(args, (rt, caller) =>
        deliverUserConfirmationInstructions(rt, caller, {
          email,
          redirectTo: landingPath(edge.settings, redirectTo),
        }),
      ),
    getUserByConfirmationToken: (args, token) =>
      look(args, (rt, caller) => getUserByConfirmationToken(rt, caller, token)),
    isConfirmedHere: (args, token) => look(args, (rt, caller) => isConfirmedHere(rt, caller, token)),
    confirmUser: (args, input) =>
      answer(args, (rt, caller) => confirmUser(rt, caller, input), answerConfirmation),
    confirmUserWithNewPassword: (args, input) =>
      act(args, (rt, caller) => confirmUserWithNewPassword(rt, caller, input)),
    rejectRegistration: (args, input) => act(args, (rt, caller) => rejectRegistration(rt, caller, input)),
    confirmUserByCode: (args, input) =>
      answer(args, (rt, caller) => confirmUserByCode(rt, caller, input), answerConfirmation),
    logInUser: (args, input) =>
      answer(
        args,
        (rt, caller) => logInUser(rt, caller, input),
        (visit, result) => answerSignIn(visit, result, input.redirectTo),
        input.redirectTo,
      ),
    logOutUser: (args) => answer(args, logOutUser, clearSiteData),
    deliverUserResetPasswordInstructions: (args, input) =>
      act(args, (rt, caller) => deliverUserResetPasswordInstructions(rt, caller, input)),
    getUserByResetPasswordToken: (args, token) =>
      look(args, (rt, caller) => getUserByResetPasswordToken(rt, caller, token)),
    resetUserPassword: (args, input) => act(args, (rt, caller) => resetUserPassword(rt, caller, input)),
    getUserByNotMeToken: (args, token) => look(args, (rt, caller) => getUserByNotMeToken(rt, caller, token)),
    secureUser: (args, input) => act(args, (rt, caller) => secureUser(rt, caller, input)),
    deleteAllUserSessionTokens: (args, userId) =>
      act(args, (rt, caller) => deleteAllUserSessionTokens(rt, toUserId(userId), caller)),
  }
}

/** Where nobody was signed in by it, whoever is here stays so, and everybody else logs in. */
async function answerConfirmation(visit: Visit, { outcome, redirectTo }: Confirmed): Promise<ConfirmSuccess> {
  if (outcome !== null) return answerSignIn(visit, { outcome }, redirectTo)
  const { edge, state } = visit
  const path = (await findFullSession(visit)) ? '/' : signInPath(edge.settings, null, redirectTo)
  return { ok: true, outcome, path, redirect: () => seeOther(state, path) }
}

function clearSiteData({ edge, state }: Visit, result: { ok: true }): { ok: true } {
  if (edge.settings.clearSiteDataOnLogOut) state.answerHeaders.set('Clear-Site-Data', '"cache", "storage"')
  return result
}
