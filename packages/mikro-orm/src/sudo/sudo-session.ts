import { SigraError } from '@sigra/core'
import type { FlowContext } from '../context.ts'
import type { ResolvedSession } from '../sessions/session.ts'

/**
 * Everything that changes how somebody signs in, or ends sessions of theirs, and is called by who is signed in. Each asks
 * for its session by `sudoSessionOf`; a test fails for a flow that changes a credential and is neither here nor among
 * those that prove who is there in another way.
 */
export type SensitiveAction =
  | 'change-password'
  | 'set-password'
  | 'revoke-session'
  | 'revoke-sessions'
  | 'enrol-second-factor'
  | 'disable-second-factor'
  | 'replace-backup-codes'
  | 'require-second-step'
  | 'allow-one-step'
  | 'add-passkey'
  | 'rename-passkey'
  | 'remove-passkey'

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
 * The signed-in session of a sensitive action, with sudo given in the last minutes. Routes ask first, by `requireSudo`;
 * this is for the one that forgot.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers, pending sign-ins and sessions without a fresh sudo.
 */
export function sudoSessionOf(ctx: FlowContext, action: SensitiveAction): ResolvedSession {
  const { session } = ctx
  const isEnough = session?.sudoMethod !== 'recovery' || RECOVERABLE.has(action)
  if (session?.awaiting === null && session.hasSudo && isEnough) return session
  throw new SudoRequired(
    `The action "${action}" needs a session with a fresh sudo: call requireSudo in its route`,
  )
}

/**
 * The signed-in session that sudo is asked for.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and pending sign-ins.
 */
export function fullSessionOf({ session }: FlowContext): ResolvedSession {
  if (session?.awaiting === null) return session
  throw new SudoRequired('Sudo is given to a signed-in session: call requireUser in its route')
}
