// What several pages say.

/** After registering, where nobody has to confirm first; the same for a free and a taken address. */
export const REGISTERED = 'We have emailed you. You can log in now, and confirm your email address any time.'

export const CONFIRMED = 'Your email address is confirmed.'

export const UNCONFIRMED = 'Confirm your address first: we have sent you a message.'

export const WRONG_CODE = {
  code: ['That code is wrong. Type the one your app shows now for this account.'],
}

export const BAD_NAME = 'Give the passkey a name that is no link and no address.'

export const TOO_SOON = 'Too many changes in a short time. Please wait some minutes and try again.'

export const ONLY_WAY =
  'This passkey is your only way to log in. Choose a password or add another passkey first.'

/** Messages carried to the next page that say what did not work. */
const refusals: ReadonlySet<string> = new Set([BAD_NAME, ONLY_WAY, TOO_SOON])

export function isRefusal(message: string): boolean {
  return refusals.has(message)
}
