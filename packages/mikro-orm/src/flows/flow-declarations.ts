import type * as library from '../index.ts'
import type { Runtime } from '../runtime.ts'

/** A flow, and whatever else of the library is called with a runtime and takes its time. */
type FlowExport<Library> = {
  [Name in keyof Library & string]: Library[Name] extends (
    runtime: Runtime,
    ...rest: never[]
  ) => Promise<unknown>
    ? Name
    : never
}[keyof Library & string]

/** Everything of the kind that this package has. A new one does not compile before it is declared below. */
export type FlowExportName = FlowExport<typeof library>

/**
 * In whose name something is changed. `session`: somebody signed in. `pending`: a sign-in that waits for its next step.
 * `enrolment`: either of them. `browser`: whoever presented a session, whatever became of it. `mail`: whoever holds the
 * mail. `visitor`: anybody. `operator` and `worker` come by no request of a visitor.
 */
export type Principal =
  'session' | 'pending' | 'enrolment' | 'browser' | 'mail' | 'visitor' | 'operator' | 'worker'

/** A flow that changes something. */
export interface ChangingFlow {
  changes: true
  principal: Principal
  /** Whether a session needs a fresh sudo. A sign-in that waits was made a moment ago. */
  sudo: boolean
}

/** It reads, and changes nothing: it may be run in a read-only transaction. */
export interface ReadingFlow {
  changes: false
}

/** What flows are made of: it changes what its caller says. */
export interface FlowPart {
  changes: 'as-called'
}

const reads = { changes: false } as const
const part = { changes: 'as-called' } as const

function by<Name extends Principal>(principal: Name) {
  return { changes: true, principal, sudo: false } as const
}

function withSudo<Name extends 'session' | 'enrolment'>(principal: Name) {
  return { changes: true, principal, sudo: true } as const
}

/**
 * Every flow, and whether it changes anything. The channels of telemetry are another list: several flows share one, and
 * some that change something have none. Of what a session's or a pending sign-in's flows change, a test holds each back
 * until the session has gone on without it.
 */
export const flowDeclarations = {
  registerUser: by('visitor'),
  logInUser: by('visitor'),
  logInUserByPasskey: by('visitor'),
  logInUserByMagicCode: by('visitor'),
  deliverUserConfirmationInstructions: by('visitor'),
  deliverUserResetPasswordInstructions: by('visitor'),
  deliverUserLogInInstructions: by('visitor'),
  confirmUserByCode: by('visitor'),

  confirmUser: by('mail'),
  confirmUserWithNewPassword: by('mail'),
  rejectRegistration: by('mail'),
  resetUserPassword: by('mail'),
  logInUserByMagicLink: by('mail'),
  secureUser: by('mail'),

  logOutUser: by('browser'),

  sudoByPassword: by('session'),
  sudoBySecondFactor: by('session'),
  sudoByPasskey: by('session'),
  sudoByCode: by('session'),
  deliverUserSudoCode: by('session'),
  offerUserPasskey: by('session'),
  changeUserPassword: withSudo('session'),
  setUserPassword: withSudo('session'),
  revokeUserSession: withSudo('session'),
  revokeOtherUserSessions: withSudo('session'),
  revokeAllUserSessions: withSudo('session'),
  disableUserTotp: withSudo('session'),
  regenerateUserBackupCodes: withSudo('session'),
  requireUserSecondStep: withSudo('session'),
  renameUserPasskey: withSudo('session'),
  removeUserPasskey: withSudo('session'),

  enrollUserTotp: withSudo('enrolment'),
  activateUserTotp: withSudo('enrolment'),
  createPasskeyEnrolment: withSudo('enrolment'),
  addUserPasskey: withSudo('enrolment'),

  verifyUserSecondFactor: by('pending'),
  verifySecondFactorByPasskey: by('pending'),
  issueUserBackupCodes: by('pending'),
  changeRequiredPassword: by('pending'),

  deleteAllUserSessionTokens: by('operator'),
  unblockUserSecondFactor: by('operator'),
  sealSecretsAnew: by('operator'),

  admitMails: by('worker'),
  draftMail: by('worker'),
  findMailReaders: by('worker'),
  recordMailFailure: by('worker'),
  sweepExpired: by('worker'),
  applyAuditRetention: by('worker'),

  getUserByConfirmationToken: reads,
  isConfirmedHere: reads,
  getUserByMagicLinkToken: reads,
  getUserByNotMeToken: reads,
  getUserByResetPasswordToken: reads,
  getUserPasswordState: reads,
  getUserSecondFactorState: reads,
  getSudoState: reads,
  listUserSessions: reads,
  listUserPasskeys: reads,
  createPasskeyLogIn: reads,
  createPasskeySecondFactor: reads,
  createPasskeySudo: reads,
  checkReadiness: reads,
  checkStart: reads,

  resolveSession: part,
  statement: part,
  inTransaction: part,
  chargeLimits: part,
} as const satisfies Record<FlowExportName, ChangingFlow | ReadingFlow | FlowPart>

type Declarations = typeof flowDeclarations

/** The flows that change something in the name of one of these. */
export type FlowOf<Name extends Principal> = {
  [Flow in keyof Declarations]: Declarations[Flow] extends { changes: true; principal: Name } ? Flow : never
}[keyof Declarations]
