/** What one page leaves for the next to say: a sentence, one that says what did not work, or one about something named. */
export type FlashWords = string | { refusal: string } | ((value: string) => string)

/** By the key that travels in the cookie. */
export const accountFlashes = {
  // The same for a free and a taken address, where nobody has to confirm first.
  registered: 'We have emailed you. You can log in now, and confirm your email address any time.',
  confirmed: 'Your email address is confirmed.',
  'confirmed-with-password': 'Your email address is confirmed, with the new password.',
  'code-sent-again': 'If that address still needs to be confirmed, we’ve emailed a new code.',
  'registration-removed': 'Thank you. The registration is removed.',
  // The same for every address.
  'magic-link-sent': 'If there’s an account for that address, we’ve emailed a magic link.',
  'reset-sent': 'If there’s an account for that address, we’ve emailed a link to choose a new password.',
  'password-reset': 'Password reset successfully.',
  'password-saved': 'Your password is saved. You’re logged out everywhere else.',
  'password-removed':
    'Welcome back. Somebody had registered this address with a password in another browser; we removed it. You can choose one in the settings.',
  'logged-out': 'You are logged out.',
  'session-ended': { refusal: 'Your session ended. Log in again to continue.' },
  'sign-in-ended': {
    refusal: 'That took too long, or too many codes were wrong. Log in again to continue.',
  },
  'too-many-wrong': { refusal: 'Too many wrong tries: we logged you out. Log in again to continue.' },
  'took-too-long': { refusal: 'That took too long. Log in again to continue.' },
  disabled: { refusal: 'This account is disabled.' },
  secured: 'Your account is secured. We’ve emailed you a link to choose a new password.',
  'session-gone': { refusal: 'That browser is logged out already.' },
  'session-ended-there': 'That browser is logged out.',
  'others-logged-out': 'Every other browser is logged out.',
  'all-logged-out': 'You’re logged out everywhere.',
  'sudo-code-sent': 'We’ve emailed you a 6-digit code.',
  'app-off': 'Your authenticator app is turned off. You’re logged out everywhere else.',
  'two-steps': 'Two-step verification is required from now on. You’re logged out everywhere else.',
  'one-step': 'Two-step verification is no longer required. You’re logged out everywhere else.',
  'codes-left': (left: string) =>
    `You have ${left === '1' ? 'one backup code' : `${left === '0' ? 'no' : left} backup codes`} left. Get new ones in your settings, under two-step verification.`,
} satisfies Record<string, FlashWords>
