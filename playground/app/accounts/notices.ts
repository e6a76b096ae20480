import type { BrowserNames } from '@sigra/remix'

// What several pages say.

export const UNCONFIRMED = 'Confirm your address first: we have sent you a message.'

export const WRONG_CODE = {
  code: ['That code is wrong. Type the one your app shows now for this account.'],
}

export function browserName({ name, system }: BrowserNames): string {
  if (name && system) return `${name} on ${system}`
  return name ?? (system ? `A browser on ${system}` : 'An unknown browser')
}
