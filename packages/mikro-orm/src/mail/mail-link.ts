import type { MailedToken } from '@sigra/core'
import type { Runtime } from '../runtime.ts'

/** Pages that take a mailed token, by its purpose. */
const TOKEN_PAGES = {
  confirm: 'confirm',
  'magic-link': 'log-in',
  'not-me': 'not-me',
  'reset-password': 'reset-password',
} as const

/** The address of a token's page. It comes from configuration, never from a request's headers. */
export function createTokenLink(
  runtime: Runtime,
  purpose: keyof typeof TOKEN_PAGES,
  token: MailedToken,
): string {
  return createPageLink(runtime, `${TOKEN_PAGES[purpose]}/${token.text}`)
}

/** The address of a page under the accounts' prefix. */
export function createPageLink(runtime: Runtime, page: string): string {
  return new URL(`${runtime.routePrefix}/${page}`, runtime.origin).href
}
