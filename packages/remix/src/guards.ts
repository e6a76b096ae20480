import type { ResolvedSession } from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import { landingPath, seeOther, signInPath } from './redirects.ts'
import { enterRequest } from './request/enter-request.ts'
import { normalisedUrl } from './request/normalised-url.ts'
import type { RequestArgs } from './request/request-args.ts'
import type { RequestState } from './request/request-state.ts'
import { orUnavailable } from './unavailable.ts'

/** The signed-in session, or `null`: a pending sign-in is signed in nowhere yet. */
export async function findFullSession(edge: Edge, args: RequestArgs): Promise<ResolvedSession | null> {
  const session = await askSession(edge, enterRequest(edge, args))
  return session?.awaiting === null ? session : null
}

/** @throws {Response} 303 to log-in, or to the step a pending sign-in waits for. */
export async function requireFullSession(edge: Edge, args: RequestArgs): Promise<ResolvedSession> {
  const state = enterRequest(edge, args)
  const session = await askSession(edge, state)
  if (session?.awaiting === null) return session
  const { pathname, search } = normalisedUrl(args)
  throw seeOther(state, signInPath(edge.settings, session?.awaiting ?? null, pathname + search))
}

/** Lets a pending sign-in through: starting over is allowed. @throws {Response} 303 to `redirectTo` or `/`. */
export async function requireNoSession(edge: Edge, args: RequestArgs): Promise<void> {
  const state = enterRequest(edge, args)
  const session = await askSession(edge, state)
  if (session?.awaiting !== null) return
  const redirectTo = normalisedUrl(args).searchParams.get('redirectTo')
  throw seeOther(state, landingPath(edge.settings, redirectTo) ?? '/')
}

async function askSession(edge: Edge, state: RequestState): Promise<ResolvedSession | null> {
  return orUnavailable(edge, state, () => state.session())
}
