import {
  type AcceptDocumentsResult,
  acceptUserDocuments,
  type Busy,
  changeRequiredPassword,
  type ChangePasswordResult,
  type ChangeRequiredPasswordResult,
  changeUserPassword,
  deliverUserSudoCode,
  type Document,
  exportUserData,
  getSudoState,
  getUserDocuments,
  getUserPasswordState,
  type Limited,
  listUserSessions,
  revokeAllUserSessions,
  revokeOtherUserSessions,
  type RevokeResult,
  revokeUserSession,
  type SecondFactorSudoInput,
  type SecondFactorSudoResult,
  setUserPassword,
  sudoByCode,
  sudoByPassword,
  sudoBySecondFactor,
  type SudoResult,
  type SudoState,
  type UserPasswordState,
  type UserSession,
} from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import { answerExport } from './export-answer.ts'
import { landingPath, seeOther } from './redirects.ts'
import type { RequestArgs } from './request/request-args.ts'
import type { Visit } from './request/visit.ts'
import { type Answered, createFlowRunner } from './run-flow.ts'
import { answerSignIn, type SignInSuccess } from './sign-in-answer.ts'

/** What is kept about somebody, as a file. */
export interface ExportSuccess {
  ok: true
  /** The file, for a route without a page. It is read while it is downloaded. */
  download(): Response
}

/** Sudo was given. */
export interface SudoSuccess {
  ok: true
  /** Back to a checked `redirectTo`, or to `/`. */
  redirect(): Response
}

/**
 * What the signed-in user can do with their own account. Changes need a fresh sudo: call `requireSudo` in the route's
 * loader and action; one that forgets is sent there all the same.
 */
export interface OwnAccount {
  /** The living ones, this browser's first. */
  listUserSessions(args: RequestArgs): Promise<UserSession[]>
  revokeUserSession(args: RequestArgs, input: { sessionId: unknown }): Promise<RevokeResult>
  /** @returns How many sessions ended. */
  revokeOtherUserSessions(args: RequestArgs): Promise<number>
  /** This browser's too. @returns How many sessions ended. */
  revokeAllUserSessions(args: RequestArgs): Promise<number>
  getUserPasswordState(args: RequestArgs): Promise<UserPasswordState>
  changeUserPassword(
    args: RequestArgs,
    input: { currentPassword?: unknown; password: unknown },
  ): Promise<ChangePasswordResult>
  setUserPassword(args: RequestArgs, input: { password: unknown }): Promise<ChangePasswordResult>
  /** For a sign-in that waits for it: the door comes next. */
  changeRequiredUserPassword(
    args: RequestArgs,
    input: { password: unknown; redirectTo?: unknown },
  ): Promise<Answered<ChangeRequiredPasswordResult, SignInSuccess>>
  /** What is asked to be accepted on this page, in the versions of now. */
  getUserDocuments(args: RequestArgs): Promise<Document[]>
  /** For a sign-in that waits for it, and for a session that met a new version. */
  acceptUserDocuments(
    args: RequestArgs,
    input: { documents?: unknown; redirectTo?: unknown },
  ): Promise<Answered<AcceptDocumentsResult, SignInSuccess>>
  /** What is kept about the signed-in user, without any secret. Needs a fresh sudo. */
  exportUserData(args: RequestArgs): Promise<ExportSuccess | Limited | Busy>
  /** What sudo asks of the signed-in user; `null` for strangers. */
  getSudoState(args: RequestArgs): Promise<SudoState | null>
  sudoByPassword(
    args: RequestArgs,
    input: { password: unknown; redirectTo?: unknown },
  ): Promise<Answered<SudoResult, SudoSuccess>>
  /** A code of the app; or a backup code beside the password, which opens only what replaces a lost factor. */
  sudoBySecondFactor(
    args: RequestArgs,
    input: SecondFactorSudoInput & { redirectTo?: unknown },
  ): Promise<Answered<SecondFactorSudoResult, SudoSuccess>>
  /** Mails six digits, for whom there is neither password nor passkey. */
  deliverUserSudoCode(args: RequestArgs): Promise<{ ok: true } | Limited>
  sudoByCode(
    args: RequestArgs,
    input: { code: unknown; redirectTo?: unknown },
  ): Promise<Answered<SudoResult, SudoSuccess> | Limited>
}

export function createOwnAccount(edge: Edge): OwnAccount {
  const { look, act, answer } = createFlowRunner(edge)
  return {
    listUserSessions: (args) => look(args, listUserSessions),
    revokeUserSession: (args, input) => act(args, (rt, caller) => revokeUserSession(rt, caller, input)),
    revokeOtherUserSessions: (args) => act(args, revokeOtherUserSessions),
    revokeAllUserSessions: (args) => act(args, revokeAllUserSessions),
    getUserPasswordState: (args) => look(args, getUserPasswordState),
    changeUserPassword: (args, input) => act(args, (rt, caller) => changeUserPassword(rt, caller, input)),
    setUserPassword: (args, input) => act(args, (rt, caller) => setUserPassword(rt, caller, input)),
    changeRequiredUserPassword: (args, input) =>
      answer(
        args,
        (rt, caller) => changeRequiredPassword(rt, caller, input),
        (visit, result) => answerSignIn(visit, result, input.redirectTo),
      ),
    getUserDocuments: (args) => look(args, getUserDocuments),
    acceptUserDocuments: (args, input) =>
      answer(
        args,
        (rt, caller) => acceptUserDocuments(rt, caller, input),
        (visit, result) => answerSignIn(visit, result, input.redirectTo),
      ),
    exportUserData: (args) =>
      answer(args, exportUserData, ({ state }, { pieces }) => ({
        ok: true,
        download: () => answerExport(state, pieces),
      })),
    getSudoState: (args) => look(args, getSudoState),
    sudoByPassword: (args, input) =>
      answer(
        args,
        (rt, caller) => sudoByPassword(rt, caller, input),
        (visit) => answerSudo(visit, input.redirectTo),
      ),
    sudoBySecondFactor: (args, input) => {
      // What a backup code opens is on one page; anywhere else would ask again.
      const isRecovery = typeof input.backupCode === 'string' && input.backupCode !== ''
      const back = isRecovery ? edge.settings.paths.settingsMfa : input.redirectTo
      return answer(
        args,
        (rt, caller) => sudoBySecondFactor(rt, caller, input),
        (visit) => answerSudo(visit, back),
      )
    },
    deliverUserSudoCode: (args) => act(args, deliverUserSudoCode),
    sudoByCode: (args, input) =>
      answer(
        args,
        (rt, caller) => sudoByCode(rt, caller, input),
        (visit) => answerSudo(visit, input.redirectTo),
      ),
  }
}

/** What a route answers with when sudo was given, whichever way. */
function answerSudo({ edge, state }: Visit, redirectTo: unknown): SudoSuccess {
  const path = landingPath(edge.settings, redirectTo) ?? '/'
  return { ok: true, redirect: () => seeOther(state, path) }
}
