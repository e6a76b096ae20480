import {
  deliverUserLogInInstructions,
  getUserByMagicLinkToken,
  type Limited,
  logInUserByMagicCode,
  logInUserByMagicLink,
  type MagicLinkPage,
  type MailSignInResult,
} from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import { landingPath } from './redirects.ts'
import type { RequestArgs } from './request/request-args.ts'
import type { Visit } from './request/visit.ts'
import { type Answered, createFlowRunner } from './run-flow.ts'
import { answerSignIn, type SignInSuccess } from './sign-in-answer.ts'

/** Somebody came in by a mail. */
export interface MagicLinkSuccess extends SignInSuccess {
  /** A password that a stranger had chosen for this address, and nobody ever proved, is gone: say so. */
  isPasswordRemoved: boolean
}

export type MagicLinkAnswer = Answered<MailSignInResult, MagicLinkSuccess>

/** Signing in by a mailed link or code. */
export interface MagicLinks {
  /** Uniform: the same answer for every address. */
  deliverUserLogInInstructions(
    args: RequestArgs,
    input: { email: unknown; redirectTo?: unknown },
  ): Promise<{ ok: true } | Limited>
  getUserByMagicLinkToken(args: RequestArgs, token: unknown): Promise<MagicLinkPage | null>
  logInUserByMagicLink(args: RequestArgs, input: { token: unknown }): Promise<MagicLinkAnswer | Limited>
  /** Only in the browser that asked for the mail. */
  logInUserByMagicCode(
    args: RequestArgs,
    input: { email: unknown; code: unknown },
  ): Promise<MagicLinkAnswer | Limited>
}

export function createMagicLinks(edge: Edge): MagicLinks {
  const { look, act, answer } = createFlowRunner(edge)
  return {
    deliverUserLogInInstructions: (args, { email, redirectTo }) =>
      act(args, (rt, caller) =>
        deliverUserLogInInstructions(rt, caller, {
          email,
          redirectTo: landingPath(edge.settings, redirectTo),
        }),
      ),
    getUserByMagicLinkToken: (args, token) =>
      look(args, (rt, caller) => getUserByMagicLinkToken(rt, caller, token)),
    logInUserByMagicLink: (args, input) =>
      answer(args, (rt, caller) => logInUserByMagicLink(rt, caller, input), answerMail),
    logInUserByMagicCode: (args, input) =>
      answer(args, (rt, caller) => logInUserByMagicCode(rt, caller, input), answerMail),
  }
}

function answerMail(visit: Visit, result: Extract<MailSignInResult, { ok: true }>): MagicLinkSuccess {
  const { redirectTo, isPasswordRemoved } = result
  return { ...answerSignIn(visit, result, redirectTo), isPasswordRemoved }
}
