import { awaitedBy, type SignInSuccess as SignInStep } from '@sigra/mikro-orm'
import { landingPath, seeOther, signInPath } from './redirects.ts'
import type { Visit } from './request/visit.ts'

/** Somebody passed a step of signing in. */
export interface SignInSuccess {
  ok: true
  outcome: SignInStep['outcome']
  /** A checked `redirectTo`, or the next step the door asks for. */
  path: string
  /** To `path`. */
  redirect(): Response
}

/** What a route answers with when the door let somebody through, whichever way they came. */
export function answerSignIn(
  { edge, state }: Visit,
  { outcome }: Pick<SignInStep, 'outcome'>,
  redirectTo: unknown,
): SignInSuccess {
  const awaiting = awaitedBy(edge.settings, outcome)
  const path =
    awaiting === null
      ? (landingPath(edge.settings, redirectTo) ?? '/')
      : signInPath(edge.settings, awaiting, redirectTo)
  return { ok: true, outcome, path, redirect: () => seeOther(state, path) }
}
