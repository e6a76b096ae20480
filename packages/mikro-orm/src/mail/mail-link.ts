import type { MailedToken, TokenPurpose } from '@sigra/core'
import type { AccountPage } from '../account-paths.ts'
import type { Runtime } from '../runtime.ts'

/** Pages that take a mailed token, by its purpose. */
const TOKEN_PAGES = {
  confirm: 'confirm',
  'magic-link': 'logIn',
  'not-me': 'notMe',
  'change-email': 'changeEmail',
  'approve-email': 'changeEmail',
  'reset-password': 'resetPassword',
} as const satisfies Partial<Record<TokenPurpose, AccountPage>>

/** The address of a token's page. It comes from configuration, never from a request's headers. */
export function createTokenLink(
  runtime: Runtime,
  purpose: keyof typeof TOKEN_PAGES,
  token: MailedToken,
): string {
  return `${createPageLink(runtime, TOKEN_PAGES[purpose])}/${token.text}`
}

/** The address of a page of accounts. */
export function createPageLink({ paths, origin }: Runtime, page: AccountPage): string {
  return new URL(paths[page], origin).href
}
