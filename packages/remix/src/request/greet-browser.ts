import { type AccountPage, createBrowserToken, parseBrowserToken } from '@sigra/mikro-orm'
import type { Edge } from '../edge.ts'
import { keepBrowser } from './flow-context.ts'
import type { RequestState } from './request-state.ts'

/** Pages with a form for somebody who may never have been here. */
export const GREETING_PAGES: readonly AccountPage[] = ['register', 'logIn', 'resetPassword', 'confirm']

/**
 * Gives a browser its id with the page, before any form of it is sent: an answer that is lost takes the id along, and
 * the browser would be a stranger to the code it asked for.
 */
export function greetBrowser(edge: Edge, state: RequestState, method: string): void {
  if (method !== 'GET' || state.path === null || !edge.settings.greetingRoutes.has(state.path)) return
  if (parseBrowserToken(state.cookies.values.browser) !== null) return
  keepBrowser(edge, state, createBrowserToken())
}
