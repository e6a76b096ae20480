import { say, type FormError } from '@sigra/remix/words'
import type { ActivityWords } from './accounts/activity-words.ts'
import { line, type Mark } from './accounts/line.ts'
import { words as accounts } from './accounts/words.ts'
import { words as organizations } from './organizations/words.ts'
import { words as passkeys } from './passkeys/words.ts'

/** What people read on the pages that are not of the accounts. */
export const words = {
  /** For screen readers and translators. */
  language: 'en',
  skip: 'Skip to content',

  home: {
    welcome: 'Welcome',
    loggedInAs: (bold: Mark, email: string) => line`You’re logged in as ${bold(email)}.`,
    dashboard: 'Open your dashboard',
    ready: (appName: string) => `${appName} is ready for its first page.`,
    intro: 'Registration, email confirmation, log-in and password reset already work. The rest is up to you.',
    register: 'Register',
    logIn: 'Log in',
    places: 'Where things are',
    pages: 'Pages and forms',
    sentences: 'Sentences',
    rules: 'Business rules',
    emails: 'Emails',
    settings: 'Settings',
    style: 'Colors and type',
  },

  dashboard: {
    title: 'Dashboard',
    intro: 'Only people who are logged in see this page.',
    loggedInAs: 'Logged in as',
    confirmed: 'Email address confirmed',
    own: 'Guard your own pages like this one',
    ownText: 'The first line of the loader requires someone who is logged in.',
    generate: (code: Mark) => line`Or generate a page: ${code('npx plop sigra:route')}`,
  },

  /** What stands in the place of a page that failed, by its status. */
  errors: {
    400: ['That didn’t work', 'Go back, load the page again and retry.'],
    403: [
      'Request blocked',
      'You may not have access, or the request came from another web address. Open this app at its own address and try again.',
    ],
    404: ['Page not found', 'Check the web address, or go back to the start page.'],
    500: ['Something went wrong', 'Sorry, that’s on us. Try again in a moment.'],
    503: ['We’ll be right back', 'Part of our service isn’t responding. Try again in a moment.'],
  } satisfies Record<number, [title: string, text: string]>,
  errorBack: 'Back to the start page',
  errorId: (code: Mark, requestId: string) =>
    line`If you contact us about this, mention this number: ${code(requestId)}`,
}

/** What an email was about that somebody says was not them, by the name of its event. */
export const deeds: Partial<Record<string, string>> = {
  ...accounts.deeds,
  ...passkeys.deeds,
  ...organizations.deeds,
}

/** What happened, on the page “Recent activity”. */
export const activities: Partial<Record<string, ActivityWords>> = {
  ...accounts.activities,
  ...passkeys.activities,
  ...organizations.activities,
}

/** What they can have taken away, by its name. */
export const removals: Partial<Record<string, string>> = {
  ...accounts.notMe.removes,
  ...passkeys.removals,
}

/** Why something was refused. */
const reasons = {
  ...accounts.reasons,
  ...passkeys.reasons,
  ...organizations.reasons,
}

/** A reason of the library in a sentence; a sentence of ours is itself. */
export function inWords(error: FormError): string {
  return say(reasons, error, accounts.unknownReason)
}
