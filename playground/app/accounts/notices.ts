// What several pages say.

/**
 * After registering, the same for a free and a taken address. The page it leads to knows by it that somebody just did.
 */
export const REGISTERED = 'We have sent a message to that address. Open its link, or enter its code.'

export const UNCONFIRMED = 'Confirm your address first: we have sent you a message.'

export const WRONG_CODE = {
  code: ['That code is wrong. Type the one your app shows now for this account.'],
}
