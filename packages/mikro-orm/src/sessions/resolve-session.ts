import type { SessionToken } from '@sigra/core'
import type { UserId } from '../context.ts'
import type { Runtime } from '../runtime.ts'

/** What a pending sign-in waits for before it is a session. */
export type Awaiting = 'second-factor' | 'enrolment' | 'password-change'

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
  userId: UserId
  user: SessionUser
  /** `null` for a full session; anything else is signed in nowhere yet. */
  awaiting: Awaiting | null
  aal: 1 | 2
  amr: readonly string[]
  authenticatedAt: Date
  sudoAt: Date | null
  remembered: boolean
  expiresAt: Date
}

export async function resolveSession(runtime: Runtime, token: SessionToken): Promise<ResolvedSession | null> {
  throw new Error(`${String(runtime)}${token}`)
}
