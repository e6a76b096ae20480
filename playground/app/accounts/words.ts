import type { AccountRefusal, FieldReason, FormReason, SentencesFor } from '@sigra/remix/words'

/** Everything that people read on the pages of accounts. */
export const words = {
  /** Why something was refused. A page that knows more about it says that instead. */
  reasons: {
    'already-used': 'This code was used already. Wait for the next one.',
    blocked:
      'Codes are turned off for this account after too many wrong ones. Use another way, or contact support.',
    breached: 'This password appears in a known data breach. Choose another one.',
    busy: 'We’re very busy right now. Try again in a moment.',
    changed: 'Your account was changed meanwhile. Load the page again.',
    'contains-own-words': 'Don’t use this site’s name or parts of your email address.',
    disabled: 'This account is disabled.',
    ended: 'That took too long. Log in again to continue.',
    'form-too-large': 'This form is too large.',
    'form-unreadable': 'We couldn’t read this form. Load the page again and retry.',
    invalid: 'This link is invalid or has expired.',
    'invalid-credentials': 'The email address or password is wrong.',
    'invalid-token': 'This link is invalid or has expired.',
    limited: ({ retryAfterSeconds }) => `Too many attempts. Wait ${inTime(retryAfterSeconds)} and try again.`,
    'no-factor': 'Set up an authenticator app or a passkey first.',
    'no-files': 'You can’t upload files here.',
    'no-tries-left': 'Too many attempts with this link. Choose a new password instead.',
    'not-active': 'Two-step verification is off.',
    'not-an-email-address': 'Enter an email address like you@example.com.',
    'not-enrolled': 'Start over with a new QR code.',
    'not-wanted': 'Your account doesn’t need this any more.',
    'not-your-password': 'That’s not your password.',
    'other-browser': 'You registered in another browser. Enter the password you chose there.',
    required: 'Your account needs two-step verification. Set up another app to replace this one.',
    'same-password': 'Choose a password you don’t use here yet.',
    'sent-twice': 'This field arrived twice. Load the page again and retry.',
    'session-ended': 'Your session ended. Log in again to continue.',
    'too-common': 'This password is too common.',
    'too-long': ({ maxLength }) => `Use at most ${maxLength} characters.`,
    'too-short': ({ minLength }) => `Use at least ${minLength} characters.`,
    unchanged: 'This is set already.',
    unconfirmed: 'Confirm your email address first. We’ve emailed you a link.',
    unknown: 'This session has ended already.',
    'unusable-characters': 'This contains characters we can’t accept.',
    wrong: 'That’s wrong. Try again.',
    'wrong-code': 'That code is wrong. Enter the code your app shows now.',
    'wrong-password': 'That’s not the password you chose when you registered.',
  } satisfies SentencesFor<AccountRefusal | FieldReason | FormReason>,

  /** A reason that has no sentence here. */
  unknownReason: 'That didn’t work. Try again.',
}

export type AccountWords = typeof words

function inTime(seconds: number): string {
  if (seconds < 50) return seconds <= 1 ? 'a second' : `${Math.ceil(seconds)} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}
