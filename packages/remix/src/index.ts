export type {
  AccountData,
  AccountUser,
  AccountPaths,
  AccountTable,
  BrowserNames,
  Busy,
  ConfirmationPage,
  ConfirmByCodeResult,
  ConfirmResult,
  Document,
  Documents,
  FlowName,
  FlowTrace,
  Invalid,
  Limited,
  RegisterInput,
  RegisterOptions,
  RegisterResult,
  SetPasswordResult,
  SudoState,
  UserActivity,
  UserActivityPage,
  UserSession,
} from '@sigra/mikro-orm'
export { accountTable, accountUser, defineAccountData, flowNames } from '@sigra/mikro-orm'
export {
  type Accounts,
  type AccountsContext,
  type ConfirmAnswer,
  type ConfirmByCodeAnswer,
  type ConfirmSuccess,
  type LogInInput,
  type LogInResult,
} from './accounts.ts'
export { type Area, type AreaEdge, type AreaKind } from './area.ts'
export { type Edge, type EdgeSettings } from './edge.ts'
export { type FlashMessage, type FlashOf } from './flash.ts'
export { type SudoRequirement, type UserRequirement } from './guards.ts'
export { type HeaderOptions } from './headers/header-options.ts'
export { type Health } from './health.ts'
export { type MagicLinkAnswer, type MagicLinks, type MagicLinkSuccess } from './magic-link.ts'
export { type MailFlow } from './mail-flow.ts'
export { type EdgeOptions, type SigraOptions } from './options.ts'
export { type ExemptRoute } from './origin/open-origins.ts'
export { type QrCode } from './qr-code.ts'
export { type Refusal, refusalInit, type RefusalInit } from './refusal.ts'
export { type RequestArgs } from './request/request-args.ts'
export {
  type CodesSuccess,
  type SecondFactors,
  type SecondFactorView,
  type VerifyInput,
} from './second-factors.ts'
export { type OwnAccount } from './own-account.ts'
export { type SignInSuccess } from './sign-in-answer.ts'
export { createSigra, type Flash, type Sigra, type TypedEmail } from './sigra.ts'
export { type SigraUser } from './sigra-user.ts'
export { wrapHandler, type WrapOptions } from './wrap-handler.ts'
