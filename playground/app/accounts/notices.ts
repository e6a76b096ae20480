// What several pages say.

export const UNCONFIRMED = 'Confirm your address first: we have sent you a message.'

export const WRONG_CODE = {
  code: ['That code is wrong. Type the one your app shows now for this account.'],
}
