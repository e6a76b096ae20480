import { UNCONFIRMED } from '../accounts/notices.ts'

/** Why a ceremony came to nothing. For every other reason the words of all forms will do. */
export const ceremonyProblems: Partial<Record<string, string>> = {
  // One sentence for every cause: it must not tell who has an account, or why one is closed.
  'invalid-passkey': 'That passkey does not work here. Use another one, or another way.',
  expired: 'That took too long. Please try again.',
  'already-registered': 'That passkey is registered already.',
  'too-many': 'That is as many passkeys as an account can have. Remove one first.',
  unconfirmed: UNCONFIRMED,
}
