import { type Awaiting, type ResolvedSession, stepOf } from '@sigra/mikro-orm'
import { requireWholeBody } from './body/require-whole-body.ts'
import { landingPath, seeOther, signInPath, sudoPath } from './redirects.ts'
import { greetBrowser } from './request/greet-browser.ts'
import { normalisedUrl } from './request/normalised-url.ts'
import type { Visit } from './request/visit.ts'
import { orUnavailable } from './unavailable.ts'

/** The signed-in session, or `null`: a pending sign-in is signed in nowhere yet. */
export async function findFullSession(visit: Visit): Promise<ResolvedSession | null> {
  const session = await askSession(visit)
  return session !== null && stepOf(session) === null ? session : null
}

/** What a guard may ask beyond a session. */
export interface UserRequirement {
  /** NIST SP 800-63B-4 assurance level of the session. @default 1 */
  aal?: 1 | 2
}

/**
 * @throws {Response} 303 to log-in, to the step a pending sign-in waits for, or, where the level is too low, to sudo,
 *   which asks for the second factor.
 */
export async function requireFullSession(
  visit: Visit,
  { aal = 1 }: UserRequirement = {},
): Promise<ResolvedSession> {
  const { edge, state } = visit
  const session = await askSession(visit)
  if (session === null || stepOf(session) !== null) {
    throw seeOther(state, signInPath(edge.settings, session && stepOf(session), pageOf(visit)))
  }
  if (session.aal < aal) throw seeOther(state, sudoPath(edge.settings, pageOf(visit)))
  return session
}

/** What a sensitive action may accept. */
export interface SudoRequirement extends UserRequirement {
  /** Also a sudo that a backup code beside the password gave: good for replacing a lost second factor. @default false */
  allowRecovery?: boolean
}

/** @throws {Response} 303 to log-in, to the awaited step, or to sudo and back. */
export async function requireSudoSession(
  visit: Visit,
  { allowRecovery = false, ...requirement }: SudoRequirement = {},
): Promise<ResolvedSession> {
  const session = await requireFullSession(visit, requirement)
  if (session.hasSudo && (session.sudoMethod !== 'recovery' || allowRecovery)) return session
  throw seeOther(visit.state, sudoPath(visit.edge.settings, pageOf(visit)))
}

/** The action of this very request did the step: its page may still show what came of it. */
export function finishStep({ state }: Visit, step: Awaiting): void {
  state.memory.set('finished-step', step)
}

/**
 * Lets only a sign-in through that waits for this very step, or did it in this very request.
 *
 * @throws {Response} 303 to log-in, to the step it does wait for, or, signed in already, to `redirectTo` or `/`.
 */
export async function requirePendingSession(visit: Visit, step: Awaiting): Promise<ResolvedSession> {
  const { edge, state } = visit
  const session = await askSession(visit)
  if (session !== null && (stepOf(session) === step || state.memory.get('finished-step') === step))
    return session
  const redirectTo = wayBack(visit)
  const isSignedIn = session !== null && stepOf(session) === null
  throw seeOther(
    state,
    isSignedIn
      ? (landingPath(edge.settings, redirectTo) ?? '/')
      : signInPath(edge.settings, session && stepOf(session), redirectTo),
  )
}

/** Lets a pending sign-in through: starting over is allowed. @throws {Response} 303 to `redirectTo` or `/`. */
export async function requireNoSession(visit: Visit): Promise<void> {
  const { edge, state, args } = visit
  greetBrowser(edge, state, args.request.method)
  const session = await askSession(visit)
  if (session === null || stepOf(session) !== null) return
  throw seeOther(state, landingPath(edge.settings, wayBack(visit)) ?? '/')
}

/** The page that was asked for, to come back to. */
function pageOf({ args }: Visit): string {
  const { pathname, search } = normalisedUrl(args)
  return pathname + search
}

/** Where the page before wanted to go. */
function wayBack({ args }: Visit): string | null {
  return normalisedUrl(args).searchParams.get('redirectTo')
}

async function askSession(visit: Visit): Promise<ResolvedSession | null> {
  await requireWholeBody(visit)
  const { state, args } = visit
  const { request } = args
  // A host's page may guard, read a body that takes its time, and guard again: what was true before may not be any more.
  if (request.bodyUsed && !state.isBodyWhole && !state.memory.has('asked-after-body')) {
    state.memory.set('asked-after-body', true)
    state.renewSession()
  }
  return orUnavailable(visit, () => state.session())
}
