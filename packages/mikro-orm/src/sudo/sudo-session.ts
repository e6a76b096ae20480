import { SigraError } from '@sigra/core'
import type { AreaSensitiveAction } from '../areas.ts'
import { type ResolvedSession, stepOf } from '../sessions/session.ts'

/**
 * Everything that changes how somebody signs in, or ends sessions of theirs, and is called by who is signed in. A flow
 * declares which of them it is; a test fails for one that changes a credential, declares none and is not among those that
 * prove who is there in another way.
 */
export type SensitiveAction =
  | 'change-password'
  | 'set-password'
  | 'change-email'
  | 'revoke-session'
  | 'revoke-sessions'
  | 'enrol-second-factor'
  | 'disable-second-factor'
  | 'replace-backup-codes'
  | 'require-second-step'
  | 'allow-one-step'
  | 'export-data'
  | 'delete-account'
  | AreaSensitiveAction

/** What replaces a lost second factor, and so may be done on the word of a backup code beside the password. */
const RECOVERABLE: ReadonlySet<SensitiveAction> = new Set([
  'enrol-second-factor',
  'disable-second-factor',
  'allow-one-step',
])

/** A sensitive action without a fresh sudo. The edge answers with the page that asks for it. */
export class SudoRequired extends SigraError {
  override readonly name = 'SudoRequired'
  readonly code = 'SIGRA_SUDO_REQUIRED'
}

/**
 * Lets a session pass to a sensitive action that had its sudo in the last minutes. What a flow declares is asked by this
 * before it runs. Routes ask first, by `requireSudo`; this is for the one that forgot.
 *
 * @param mayEnrol A sign-in that waits for a second factor to be set up was made a moment ago, and passes too.
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers, other pending sign-ins and sessions without a fresh sudo.
 */
export function requireFreshSudo(
  session: ResolvedSession | null,
  action: SensitiveAction,
  { mayEnrol = false }: { mayEnrol?: boolean } = {},
): void {
  if (mayEnrol && session?.awaiting === 'enrolment') return
  const isEnough = session?.sudoMethod !== 'recovery' || RECOVERABLE.has(action)
  if (session !== null && stepOf(session) === null && session.hasSudo && isEnough) return
  throw new SudoRequired(
    `The action "${action}" needs a session with a fresh sudo: call requireSudo in its route`,
  )
}

/**
 * Lets a signed-in session pass to what gives it sudo.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers, pending sign-ins and sessions that met a new document.
 */
export function requireSignedIn(session: ResolvedSession | null): void {
  if (session !== null && stepOf(session) === null) return
  throw new SudoRequired('Sudo is given to a signed-in session: call requireUser in its route')
}
