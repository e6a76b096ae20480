import { createBrowserToken, parseBrowserToken, routesOf } from '@sigra/mikro-orm'
import type { Edge } from '../edge.ts'
import { createRouteSet } from './own-route.ts'
import type { RequestState } from './request-state.ts'

const DAY_SECONDS = 86_400

/**
 * Gives a browser its id with the page, before any form of it is sent: an answer that is lost takes the id along, and
 * the browser would be a stranger to the code it asked for.
 */
export function greetBrowser({ settings, runtime }: Edge, state: RequestState, method: string): void {
  // Those with a form for somebody who may never have been here.
  const pages = createRouteSet(routesOf(settings.paths, 'register', 'logIn', 'resetPassword', 'confirm'))
  if (method !== 'GET' || state.path === null || !pages.has(state.path)) return
  if (parseBrowserToken(state.cookies.values.browser) !== null) return
  state.jar.set('browser', createBrowserToken(), runtime.policy.browser.cookieDays * DAY_SECONDS)
}
