import type { SessionTokenHash } from '@sigra/core'
import type { AreaSudoMethod } from '../areas.ts'
import type { SessionFacts } from '../areas/session-part.ts'
import type { Awaiting } from './sign-in-steps.ts'
import type { UserId } from '../user-id.ts'

/** How sudo was given. `recovery`: a backup code beside the password, good only for replacing a lost second factor. */
export type SudoMethod = 'password' | 'second-factor' | 'email' | 'recovery' | AreaSudoMethod

/** The user of a session: plain data, listed columns only. */
export interface SessionUser {
  id: UserId
  email: string
  confirmedAt: Date | null
  /** The host's columns named by `sessionUser`. */
  [property: string]: unknown
}

export interface ResolvedSession {
  id: string
  /**
   * Of the token it was presented with. Whatever goes on as this session needs it to be the session's still: see
   * `continueSession`.
   */
  tokenHash: SessionTokenHash
  userId: UserId
  user: SessionUser
  /** `null` for a full session; anything else is signed in nowhere yet. */
  awaiting: Awaiting | null
  aal: 1 | 2
  amr: readonly string[]
  authenticatedAt: Date
  sudoAt: Date | null
  /** Whether the person proved again who they are within the last minutes, by the database clock. */
  hasSudo: boolean
  /** How it was given. */
  sudoMethod: SudoMethod | null
  remembered: boolean
  expiresAt: Date
  /**
   * A required document has a version that its owner has not accepted: guards send a full session to that page, as
   * they do a sign-in that waits.
   */
  mustConsent: boolean
  /** `false` for whoever acts as somebody else and may only look, or whose time to write is over. */
  mayWrite: boolean
  /** What areas say of it, read in the same statement. */
  areas: SessionFacts
}

/** The step that somebody is asked for before they are in: of a sign-in that waits, or of a session that met a new version. */
export function stepOf({
  awaiting,
  mustConsent,
}: Pick<ResolvedSession, 'awaiting' | 'mustConsent'>): Awaiting | null {
  return awaiting ?? (mustConsent ? 'consent' : null)
}
