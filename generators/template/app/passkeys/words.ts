// sigra:file passkeys
import type { ReactNode } from 'react'
import type { PasskeyRefusal } from '@sigra/remix/passkeys'
import type { CeremonyProblem } from '@sigra/remix/passkeys-client'
import type { SentencesFor } from '@sigra/remix/words'
import type { FlashWords } from '../accounts/flashes.ts'
import { line, type Mark } from '../accounts/line.ts'
import type { AccountWords } from '../accounts/words.ts'

/** Everything that people read about passkeys. */
export const words = {
  button: 'Use a passkey',
  add: 'Add a passkey',
  cannotUse: 'This browser can’t use passkeys.',
  cannotAdd: 'This browser can’t create passkeys.',
  needsScript: 'Adding a passkey needs JavaScript.',

  logIn: { button: 'Continue with passkey' },

  mfaEnroll: { or: 'Or use a passkey' },

  /** The page after a log-in by password. */
  offer: {
    title: 'Log in faster next time',
    intro:
      'With a passkey, you log in with your fingerprint, face or screen lock. There’s nothing to remember, and no password to steal.',
    later: 'You can add a passkey later in your settings.',
    notNow: 'Not now',
  },

  /** Among the settings. */
  list: {
    title: 'Passkeys',
    intro:
      'A passkey logs you in with your fingerprint, face or screen lock. There’s nothing to type, and no password to steal.',
    synced: 'synced between your devices',
    notSynced: 'on one device',
    added: (at: ReactNode) => line`added ${at}`,
    lastUsed: (at: ReactNode) => line`last used ${at}`,
    neverUsed: 'never used',
    // The name is there for screen readers: a list has one button for each passkey.
    change: (hidden: Mark, name: string) => line`Change${hidden(` ${name}`)}`,
    name: 'Name',
    save: (hidden: Mark, name: string) => line`Save${hidden(` the name of ${name}`)}`,
    remove: (hidden: Mark, name: string) => line`Remove${hidden(` ${name}`)}`,
    removeQuestion: (name: string) =>
      `You’ll no longer be able to log in with “${name}”, and you’ll be logged out everywhere else.`,
    removeYes: (hidden: Mark, name: string) => line`Yes, remove it${hidden(` (${name})`)}`,
    lastWay:
      'You have no password and no other passkey. Set a password or add another passkey before you remove this one.',
  },

  /** Where a new name was refused. */
  rename: { title: 'Rename a passkey', cancel: 'Cancel' },

  /** Among the settings, for whoever has a passkey and no authenticator app. */
  secondStep: {
    title: 'Two-step verification with your passkey',
    on: 'on',
    about: 'With this on, we also ask for your passkey when you log in with a password or a magic link.',
    turnOn: 'Turn on two-step verification',
    turnOff: 'Turn off',
    turnOffQuestion:
      'Your password or a magic link will be enough to log in. You’ll be logged out everywhere else.',
    turnOffYes: 'Yes, turn it off',
  },

  /** On the page “Security”. */
  row: {
    title: 'Passkeys',
    on: (count: number) => (count === 1 ? 'You have one passkey.' : `You have ${count} passkeys.`),
    off: 'Log in with your fingerprint, face or screen lock.',
    manage: 'Manage',
    add: 'Add one',
  },

  /** What happened, by the name of its event. */
  activities: {
    'passkey.added': { done: 'Added a passkey', refused: 'Someone tried to add a passkey' },
    'passkey.renamed': { done: 'Renamed a passkey' },
    'passkey.removed': { done: 'Removed a passkey' },
    'passkey.counter_regressed': { refused: 'Someone used one of your passkeys, which may have been copied' },
  },

  /** What a mail was about, by the name of its event. */
  deeds: {
    'passkey.added': 'a passkey was added',
    'passkey.counter_regressed': 'someone used one of your passkeys, which may have been copied',
    'passkey.removed': 'a passkey was removed',
    'passkey.renamed': 'a passkey was renamed',
  },

  /** What “This wasn’t me” takes away, by its name. */
  removals: { passkey: 'The passkey in question is removed.' },

  /** Why something was refused. The words of accounts have the rest. */
  reasons: {
    'already-registered': 'This passkey is already registered.',
    'bad-name': 'Choose a name that doesn’t look like a link or an email address.',
    expired: 'That took too long. Try again.',
    // One sentence for every cause: it must not tell who has an account, or why one is closed.
    'invalid-passkey': 'This passkey doesn’t work here. Use another passkey or another way.',
    'last-way': 'You have no password and no other passkey. Set a password or add another passkey first.',
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
    'wrong-domain': 'Passkeys don’t work at this web address. Open this site at its usual address.',
  } satisfies SentencesFor<{ reason: CeremonyProblem }>,

  /** What is said on the page after a form. */
  flashes: {
    'passkey-added': (name: string) => `“${name}” was added. You can log in with it now.`,
    'passkey-renamed': 'The passkey was renamed.',
    'passkey-removed': 'The passkey was removed. You’re logged out everywhere else.',
    'passkey-only-way': {
      refusal: 'You have no password and no other passkey. Set a password or add another passkey first.',
    },
    'passkey-too-soon': { refusal: 'Too many changes in a short time. Wait a few minutes and try again.' },
  } satisfies Record<string, FlashWords>,
}

export type PasskeyWords = typeof words
