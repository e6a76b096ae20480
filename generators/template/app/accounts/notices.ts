// What several pages say.

/** After registering, where nobody has to confirm first; the same for a free and a taken address. */
export const REGISTERED = 'We have emailed you. You can log in now, and confirm your email address any time.'

export const CONFIRMED = 'Your email address is confirmed.'

export const UNCONFIRMED = 'Confirm your address first: we have sent you a message.'

export const WRONG_CODE = {
  code: ['That code is wrong. Type the one your app shows now for this account.'],
}
