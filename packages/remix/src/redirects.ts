import { parseRedirectTo } from '@sigra/core'
import { type AccountPage, type Awaiting, stepPages, stepPath } from '@sigra/mikro-orm'
import type { EdgeSettings } from './edge.ts'
import { routedPath } from './request/own-route.ts'
import { takeHeaders } from './request/answer-headers.ts'
import type { RequestState } from './request/request-state.ts'

/** Pages that nobody is sent to after signing in: they would sign out again, loop, or answer no page. */
export const NO_LANDING: readonly AccountPage[] = [
  'logIn',
  'logOut',
  'register',
  'confirm',
  'resetPassword',
  'notMe',
  ...stepPages,
  'sudo',
]

/** A 303 to a path that was checked, with the cookies of the request where no middleware writes them. */
export function seeOther(state: RequestState, path: string): Response {
  const headers = state.hasMiddleware ? new Headers() : takeHeaders(state)
  headers.set('Location', path)
  return new Response(null, { status: 303, headers })
}

/** Where to go: a path on our own origin, or `/` for anything else. */
export function localPath(settings: EdgeSettings, path: unknown): string {
  return parseRedirectTo(path, { origin: settings.origin.origin, refusedPrefixes: [] }) ?? '/'
}

/** Where to land after signing in; `null` for whatever somebody should not be sent to. */
export function landingPath(settings: EdgeSettings, redirectTo: unknown): string | null {
  const origin = settings.origin.origin
  const path = parseRedirectTo(redirectTo, { origin, refusedPrefixes: ['/api', '/health', '/dev/mailbox'] })
  const isOurs = path !== null && settings.noLandingRoutes.has(routedPath(new URL(path, origin).pathname))
  return isOurs ? null : path
}

/** The page that asks again who somebody is, with the way back. */
export function sudoPath(settings: EdgeSettings, redirectTo: unknown): string {
  return withWayBack(settings, settings.paths.sudo, redirectTo)
}

/** The log-in page, or the step a pending sign-in waits for, with the way back. */
export function signInPath(settings: EdgeSettings, awaiting: Awaiting | null, redirectTo: unknown): string {
  const path = awaiting === null ? settings.paths.logIn : stepPath(settings, awaiting)
  return withWayBack(settings, path, redirectTo)
}

function withWayBack(settings: EdgeSettings, path: string, redirectTo: unknown): string {
  const back = landingPath(settings, redirectTo)
  return back === null || back === '/' ? path : `${path}?${new URLSearchParams({ redirectTo: back })}`
}
