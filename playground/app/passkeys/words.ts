import type { CeremonyProblem, PasskeyRefusal, SentencesFor } from '@sigra/remix/words'
import type { FlashWords } from '../accounts/flashes.ts'
import type { AccountWords } from '../accounts/words.ts'

/** Everything that people read about passkeys. */
export const words = {
  /** Why something was refused. The words of accounts have the rest. */
  reasons: {
    'already-registered': 'This passkey is registered already.',
    'bad-name': 'Give the passkey a name that isn’t a link or an address.',
    expired: 'That took too long. Try again.',
    // One sentence for every cause: it must not tell who has an account, or why one is closed.
    'invalid-passkey': 'This passkey doesn’t work here. Use another passkey or another way.',
    'last-way': 'This passkey is your only way to log in. Set a password or add another passkey first.',
    unreadable: 'We couldn’t read your browser’s answer. Load the page again and retry.',
    'sudo-required': 'Confirm it’s you first.',
    'too-many': ({ maxPasskeys }) => `You’ve reached the limit of ${maxPasskeys} passkeys. Remove one first.`,
  } satisfies SentencesFor<PasskeyRefusal, keyof AccountWords['reasons']>,

  /** Why the browser and its passkey came to nothing. */
  ceremony: {
    aborted: 'The passkey dialog was interrupted. Try again.',
    'already-registered': 'This device or password manager already has a passkey for this account.',
    cancelled: 'No passkey was used. Try again, or use another way.',
    failed: 'Your device couldn’t use the passkey. Try again, or use another way.',
    'not-supported': 'This browser or device can’t use passkeys here. Use another way.',
    unreachable: 'We couldn’t be reached. Check your connection and try again.',
    'wrong-domain': 'Passkeys don’t work at this web address. Open this site under its usual name.',
  } satisfies SentencesFor<{ reason: CeremonyProblem }>,

  /** What is said on the page after a form. */
  flashes: {
    'passkey-added': (name: string) => `“${name}” is added. You can now log in with it.`,
    'passkey-renamed': 'The passkey is renamed.',
    'passkey-removed': 'The passkey is removed. You’re logged out everywhere else.',
    'passkey-bad-name': { refusal: 'Give the passkey a name that isn’t a link or an address.' },
    'passkey-only-way': {
      refusal: 'This passkey is your only way to log in. Set a password or add another passkey first.',
    },
    'passkey-too-soon': { refusal: 'Too many changes in a short time. Wait a few minutes and try again.' },
  } satisfies Record<string, FlashWords>,
}
