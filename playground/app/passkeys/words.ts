import type { FlashWords } from '../accounts/flashes.ts'
import { UNCONFIRMED } from '../accounts/notices.ts'

/** Why a ceremony came to nothing. For every other reason the words of all forms will do. */
export const ceremonyProblems: Partial<Record<string, string>> = {
  // One sentence for every cause: it must not tell who has an account, or why one is closed.
  'invalid-passkey': 'That passkey does not work here. Use another one, or another way.',
  expired: 'That took too long. Please try again.',
  'already-registered': 'That passkey is registered already.',
  'too-many': 'You’ve reached the limit of 10 passkeys. Remove one first.',
  unconfirmed: UNCONFIRMED,
}

/** What is said on the page after a form about passkeys. */
export const passkeyFlashes = {
  'passkey-added': (name: string) => `“${name}” is added. You can log in with it now.`,
  'passkey-renamed': 'The passkey has its new name.',
  'passkey-removed': 'The passkey is removed, and every other browser is logged out.',
  'passkey-bad-name': { refusal: 'Give the passkey a name that is no link and no address.' },
  'passkey-only-way': {
    refusal: 'This passkey is your only way to log in. Choose a password or add another passkey first.',
  },
  'passkey-too-soon': {
    refusal: 'Too many changes in a short time. Please wait some minutes and try again.',
  },
} satisfies Record<string, FlashWords>
